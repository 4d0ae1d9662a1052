metadata description = 'The registry with the agents\' image, when there is none to use. No admin user.'

param location string
param tags object
param suffix string

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: 'acrhaymaker${suffix}'
  location: location
  tags: tags
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
  }
}
