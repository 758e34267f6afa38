#!/usr/bin/env python3
"""The Dockerfiles and tools/images, without building an image."""
import re
import subprocess
import unittest

from cluster import ROOT
from deploy_tools import run

DOCKERFILE = (ROOT / "docker/Dockerfile").read_text()
SERVICES = ["kawat-fetch", "kawat-parse", "kawat-dedupe", "kawat-store", "kawat-portal"]


class ImagesTest(unittest.TestCase):
    def test_hadolint_finds_nothing(self):
        for name in ("docker/Dockerfile", "tests/deploy/images/Dockerfile"):
            checked = run("hadolint", ROOT / name)
            self.assertEqual((checked.returncode, checked.stdout), (0, ""))

    def test_each_service_and_the_command_have_an_image(self):
        targets = re.findall(r"^FROM base AS (\S+)$", DOCKERFILE, re.MULTILINE)
        self.assertEqual(sorted(targets), sorted([*SERVICES, "kawat"]))
        for target in targets:
            self.assertIn(f'ENTRYPOINT ["/usr/bin/{target}"]', DOCKERFILE)

    def test_no_image_runs_as_root(self):
        self.assertIn("USER 10001:10001", DOCKERFILE.split("AS base")[1].split("FROM base")[0])

    def test_an_unknown_image_is_refused_by_name(self):
        asked = subprocess.run([ROOT / "tools/images", "kawat-stroe"], capture_output=True, text=True)
        self.assertEqual(asked.returncode, 78)
        self.assertIn('no image "kawat-stroe"; there are kawat', asked.stderr)

    def test_an_option_without_its_value_is_named(self):
        asked = subprocess.run([ROOT / "tools/images", "--tag"], capture_output=True, text=True)
        self.assertEqual(asked.returncode, 78)
        self.assertIn("--tag needs a value", asked.stderr)


if __name__ == "__main__":
    unittest.main()
