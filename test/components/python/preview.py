"""Previews the program of a folder through Pulumi's Automation API, which needs no language host for Python.

Usage: preview.py FOLDER COMPONENTS [POLICY_PACK]. Prints what the engine planned and what the policies said, as one JSON object.
"""

import json
import os
import runpy
import shutil
import sys
import tempfile

import yaml
from pulumi import automation

folder, components, *packs = sys.argv[1:]
with open(os.path.join(folder, "Pulumi.yaml"), encoding="utf-8") as file:
    project = yaml.safe_load(file)
with open(os.path.join(folder, "Pulumi.dev.yaml"), encoding="utf-8") as file:
    config = yaml.safe_load(file)["config"]
sys.path.insert(0, folder)


def program() -> None:
    runpy.run_path(os.path.join(folder, "__main__.py"))


work_dir = tempfile.mkdtemp(prefix="eks-irsa-python-")
project["plugins"]["providers"][0]["path"] = components
with open(os.path.join(work_dir, "Pulumi.yaml"), "w", encoding="utf-8") as file:
    yaml.safe_dump(project, file)
stack = automation.create_or_select_stack(
    "dev", project["name"], program, opts=automation.LocalWorkspaceOptions(work_dir=work_dir)
)
stack.set_all_config({key: automation.ConfigValue(str(value)) for key, value in config.items()})
steps = []
violations = []


def on_event(event: automation.EngineEvent) -> None:
    if event.resource_pre_event and event.resource_pre_event.metadata.new:
        new = event.resource_pre_event.metadata.new
        steps.append({"type": new.type, "urn": new.urn, "inputs": new.inputs})
    if event.policy_event:
        violations.append({"policy": event.policy_event.policy_name, "message": event.policy_event.message})


try:
    stack.preview(on_event=on_event, policy_packs=packs or None)
finally:
    shutil.rmtree(work_dir)
print(json.dumps({"steps": steps, "violations": violations}))
