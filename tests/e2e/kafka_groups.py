"""What a broker says of offsets, asked as monitors ask: committed ones by Kafka's protocol (OffsetFetch, version 5), ends and append times by kcat."""
import socket
import struct
import subprocess

OFFSET_FETCH, VERSION = 9, 5


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


def committed(broker, group):
    """(topic, partition) → offset, of all that the group has committed."""
    host, port = broker.rsplit(":", 1)
    body = struct.pack(">hhi", OFFSET_FETCH, VERSION, 1) + _string("kawat-test") + _string(group) + struct.pack(">i", -1)
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(struct.pack(">i", len(body)) + body)
        stream = connection.makefile("rb")
        answer = _Reader(stream.read(struct.unpack(">i", stream.read(4))[0]))
    answer.take("i"), answer.take("i")  # correlation id, throttle time
    offsets = {}
    for _ in range(answer.take("i")):
        topic = answer.text()
        for _ in range(answer.take("i")):
            partition, offset = answer.take("i"), answer.take("q")
            answer.take("i"), answer.text(), answer.take("h")  # leader epoch, metadata, error
            if offset >= 0:
                offsets[topic, partition] = offset
    return offsets


def ends(broker, partitions):
    """(topic, partition) → the offset of its next record."""
    asked = [argument for topic, partition in partitions for argument in ("-t", f"{topic}:{partition}:-1")]
    lines = subprocess.run(["kcat", "-b", broker, "-Q", *asked], capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()
    found = {}
    for line in lines:  # "kawat.pages [0] offset 17"
        topic, partition, _, offset = line.split()
        found[topic, int(partition.strip("[]"))] = int(offset)
    return found


def append_times(broker, topic, partition):
    """When each record was appended, in Unix seconds, in the order of offsets."""
    result = subprocess.run(["kcat", "-b", broker, "-C", "-q", "-e", "-t", topic, "-p", str(partition), "-f", "%o %T\n"], capture_output=True,
                            text=True, timeout=60, check=True)
    pairs = [line.split() for line in result.stdout.splitlines()]
    if [int(offset) for offset, _ in pairs] != list(range(len(pairs))):
        raise AssertionError(f"{topic}/{partition} lacks offsets")
    return [int(millis) / 1000 for _, millis in pairs]
