"""Makes an Azure CLI work whose SDKs are other than those that it was made for, as in Debian."""

import importlib
import importlib.util
import os
import re
import sys

from azure.cli.core.profiles import ResourceType
from azure.cli.core.profiles._shared import AZURE_API_PROFILES, SDKProfile


def use_versions_that_exist():
    """Debian packages the CLI and the SDKs apart. An API version that the SDK lacks is replaced by the newest it has, and
    where the SDK keeps its operations in one place, that place stands for those of the version."""
    latest = AZURE_API_PROFILES["latest"]
    for kind, version in list(latest.items()):
        wanted = version.default_api_version if isinstance(version, SDKProfile) else version
        is_management = isinstance(kind, ResourceType) and kind.import_prefix.startswith("azure.mgmt.")
        folder = folder_of(kind.import_prefix) if is_management else None
        if folder is None or not isinstance(wanted, str):
            continue
        found = sorted(name for name in os.listdir(folder) if re.fullmatch(r"v\d{4}_\d\d_\d\d", name))
        if not found:
            continue
        module = "v" + wanted.replace("-", "_")
        if module not in found:
            module = found[-1]
            newest = module[1:].replace("_", "-")
            latest[kind] = SDKProfile(newest, version.profile) if isinstance(version, SDKProfile) else newest
        if not os.path.isdir(f"{folder}/{module}/operations") and os.path.isdir(f"{folder}/operations"):
            shared = importlib.import_module(f"{kind.import_prefix}.operations")
            sys.modules[f"{kind.import_prefix}.{module}.operations"] = shared


def folder_of(package):
    try:
        spec = importlib.util.find_spec(package)
    except ImportError:
        return None
    folders = list(spec.submodule_search_locations or []) if spec else []
    return folders[0] if folders else None
