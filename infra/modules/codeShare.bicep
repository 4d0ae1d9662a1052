metadata description = '''
The share that Windows Consumption runs the app's code from. Azure Files cannot be mounted by identity, so this account has
a key; it holds the package and nothing else, and its connection string is a secret in the vault that the app refers to
(learn.microsoft.com/azure/azure-functions/functions-reference, table of plans: "Key Vault or remove Azure Files").
'''

param location string
param tags object
param suffix string
param vaultName string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'stcode${suffix}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource files 'Microsoft.Storage/storageAccounts/fileServices@2024-01-01' = {
  parent: account
  name: 'default'
}

// With a reference in place of the connection string the platform does not make the share.
resource share 'Microsoft.Storage/storageAccounts/fileServices/shares@2024-01-01' = {
  parent: files
  name: 'haymaker'
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource connection 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'code-share-connection-string'
  tags: tags
  properties: {
    contentType: 'connection string'
    value: 'DefaultEndpointsProtocol=https;AccountName=${account.name};AccountKey=${account.listKeys().keys[0].value};EndpointSuffix=${az.environment().suffixes.storage}'
  }
}

output shareName string = share.name
output secretUrl string = connection.properties.secretUri
