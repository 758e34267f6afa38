#!/usr/bin/env python3
"""What goes wrong gives one clear line and an exit code that says whether starting again helps (1: yes, 78: no)."""
import contextlib
import pathlib
import socket
import subprocess
import unittest

from kawat_process import BIN, KAWAT, Process, run, temporary_folder, wait_until

CANNOT_MEND = 78


class ErrorsTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(temporary_folder()))

    def write(self, text):
        path = self.folder / "kawat.toml"
        path.write_text(text)
        return path

    def up(self, config, *flags, data=None):
        return run("up", "--config", config, "--data", data or self.folder / "data", "--any-port", *flags, timeout=60)

    def assert_one_line(self, result, code, *parts):
        lines = [line for line in result.stderr.splitlines() if line.strip() and " info " not in line]
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(len(lines), 1, result.stderr)
        for part in parts:
            self.assertIn(part, lines[0])

    def test_a_wrong_key_names_the_nearest_known_one(self):
        config = self.write('[fetch]\ntimeuot = "2s"\n')
        self.assert_one_line(self.up(config), CANNOT_MEND, "kawat.toml:2", "timeuot", '"timeout"')
        self.assert_one_line(run("config", "check", config), CANNOT_MEND, "kawat.toml:2", "timeuot", '"timeout"')

    def test_a_wrong_setting_of_the_command_line_is_told_by_its_flag(self):
        config = self.write("")
        wrong = ("--set", "log.level=debug", "--set", "fetch.timeuot=2s")
        self.assert_one_line(self.up(config, *wrong), CANNOT_MEND, "--set: unknown key", "timeuot", '"timeout"')
        service = subprocess.run([BIN / "kawat-store", "--config", config, "--check-config", "--set", "store.grpc=nowhere"], capture_output=True, text=True, timeout=60)
        self.assert_one_line(service, CANNOT_MEND, "--set: store.grpc")

    def test_a_wrong_table_names_the_nearest_known_one(self):
        self.assert_one_line(run("config", "check", self.write("[fecth]\n")), CANNOT_MEND, "fecth", '"fetch"')

    def test_a_missing_configuration_is_named(self):
        self.assert_one_line(run("config", "check", self.folder / "absent.toml"), CANNOT_MEND, "absent.toml")

    def test_a_port_in_use_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            for service in ("store", "portal"):
                key = "listen" if service == "portal" else "grpc"
                config = self.write(f'[{service}]\n{key} = "{address}"\n')
                self.assert_one_line(self.up(config), CANNOT_MEND, address, "in use")

    def test_a_data_folder_that_cannot_be_written_is_named(self):
        (self.folder / "file").write_text("")
        self.assert_one_line(self.up(self.write(""), data=self.folder / "file"), CANNOT_MEND, str(self.folder / "file"))

    @contextlib.contextmanager
    def small_disk(self, *options):
        """A tmpfs of 64 KiB."""
        mount = self.folder / "disk"
        mount.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(["size=64k", *options]), "tmpfs", mount], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest("no right to mount a small tmpfs: " + mounted.stderr.strip())
        try:
            yield mount
        finally:
            subprocess.run(["umount", mount], check=True)

    def test_a_full_disk_is_named_and_waited_for(self):
        with self.small_disk() as mount:
            (mount / "filler").write_bytes(b"x" * 65536)
            data = str(mount / "data")
            config = self.write(f'data = "{data}"\n')
            service = subprocess.run([BIN / "kawat-store", "--config", config], capture_output=True, text=True, timeout=60)
            self.assert_one_line(service, 1, data)
            with Process(KAWAT, "up", "--config", config, "--any-port", log=self.folder / "up.log") as up:
                wait_until(lambda: up.output().count(data) >= 2, 30, "a second child that names the folder")
                self.assertIn("starting it again", up.output())
                self.assertEqual(up.stop(), 0, up.output())

    def test_a_read_only_folder_is_named(self):
        with self.small_disk("ro") as mount:
            self.assert_one_line(self.up(self.write(""), data=mount / "data"), CANNOT_MEND, str(mount / "data"))

    def test_a_broker_that_is_away_is_retried_and_said(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            broker = "127.0.0.1:%d" % closed.getsockname()[1]
        config = self.write(f'data = "{self.folder}/data"\n[bus]\nkafka = "{broker}"\n[store]\ngrpc = "127.0.0.1:0"\nmetrics = "127.0.0.1:0"\n')
        with Process(BIN / "kawat-store", "--config", config, log=self.folder / "store.log") as store:
            wait_until(lambda: broker in store.output(), 20, "a line that names the broker")
            self.assertTrue(store.running(), store.output())
            self.assertEqual(store.stop(), 0, store.output())

    def test_no_store_is_said_with_what_to_do(self):
        result = run("stats", "--store", "127.0.0.1:1")
        self.assert_one_line(result, 1, "127.0.0.1:1", "kawat up")

    def test_a_misspelt_command_names_the_nearest_one(self):
        self.assert_one_line(run("serch", "gempa"), CANNOT_MEND, "serch", '"search"')
        self.assert_one_line(run("config", "chek", "kawat.toml"), CANNOT_MEND, "chek", '"check"')

    def test_help_has_examples(self):
        for command in ([], ["search"], ["get"], ["stats"], ["sources", "add"], ["up"], ["demo"], ["newsroom"], ["parse"], ["top"], ["topics"], ["config"]):
            result = subprocess.run([KAWAT, *command, "--help"], capture_output=True, text=True, timeout=20)
            self.assertEqual(result.returncode, 0, command)
            self.assertIn("Example", result.stdout, command)


if __name__ == "__main__":
    unittest.main(verbosity=2)
