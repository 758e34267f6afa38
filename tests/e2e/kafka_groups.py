"""What a broker says of offsets, asked as monitors ask: by its protocol, and append times by kcat."""
import json
import socket
import struct
import subprocess

LIST_OFFSETS, OFFSET_FETCH = 2, 9
NOT_LEADER = 6


def _string(text):
    return struct.pack(">h", len(text)) + text.encode()


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, layout):
        value = struct.unpack_from(">" + layout, self.data, self.at)[0]
        self.at += struct.calcsize(">" + layout)
        return value

    def text(self):
        length = max(0, self.take("h"))
        self.at += length
        return self.data[self.at - length:self.at].decode()


def _ask(broker, key, version, request):
    """The one broker's answer; reading begins after its correlation id."""
    host, port = broker.rsplit(":", 1)
    body = struct.pack(">hhi", key, version, 1) + _string("kawat-test") + request
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(struct.pack(">i", len(body)) + body)
        stream = connection.makefile("rb")
        answer = _Reader(stream.read(struct.unpack(">i", stream.read(4))[0]))
    answer.take("i")
    return answer


def committed(broker, group):
    """(topic, partition) → offset, of all that the group has committed."""
    answer = _ask(broker, OFFSET_FETCH, 5, _string(group) + struct.pack(">i", -1))
    answer.take("i")  # throttle time
    offsets = {}
    for _ in range(answer.take("i")):
        topic = answer.text()
        for _ in range(answer.take("i")):
            partition, offset = answer.take("i"), answer.take("q")
            answer.take("i"), answer.text(), answer.take("h")  # leader epoch, metadata, error
            if offset >= 0:
                offsets[topic, partition] = offset
    return offsets


def partitions(broker):
    """(topic, partition) of all of kawat's."""
    text = subprocess.run(["kcat", "-b", broker, "-L", "-J"], capture_output=True, text=True, timeout=60, check=True).stdout
    return [(topic["topic"], partition["partition"]) for topic in json.loads(text)["topics"] if topic["topic"].startswith("kawat.")
            for partition in topic["partitions"]]


def ends(broker, places):
    """(topic, partition) → the offset of its next record; None while a topic that was just made has no leader."""
    newest = -1
    asked = b"".join(_string(topic) + struct.pack(">iiq", 1, partition, newest) for topic, partition in places)
    answer = _ask(broker, LIST_OFFSETS, 1, struct.pack(">ii", -1, len(places)) + asked)
    found = {}
    for _ in range(answer.take("i")):
        topic = answer.text()
        for _ in range(answer.take("i")):
            partition, error, _, offset = answer.take("i"), answer.take("h"), answer.take("q"), answer.take("q")
            if error == NOT_LEADER:
                return None
            if error != 0:
                raise AssertionError(f"{topic}/{partition}: Kafka's error {error}")
            found[topic, partition] = offset
    return found


def append_times(broker, topic, partition):
    """When each record was appended, in Unix seconds, in the order of offsets."""
    result = subprocess.run(["kcat", "-b", broker, "-C", "-q", "-e", "-t", topic, "-p", str(partition), "-f", "%o %T\n"], capture_output=True,
                            text=True, timeout=60, check=True)
    pairs = [line.split() for line in result.stdout.splitlines()]
    if [int(offset) for offset, _ in pairs] != list(range(len(pairs))):
        raise AssertionError(f"{topic}/{partition} lacks offsets")
    return [int(millis) / 1000 for _, millis in pairs]
