"""Records of a real broker: read by kcat, written by the librdkafka that kcat brings (kcat cannot write headers one record at a time)."""
import ctypes
import ctypes.util
import dataclasses
import subprocess

TOPICS = ("sources", "links", "pages", "parsed", "articles", "engagement", "deadletters")


@dataclasses.dataclass(frozen=True)
class Record:
    topic: str
    partition: int
    key: bytes
    value: bytes | None
    headers: tuple = ()  # (name, value) in bytes
    offset: int = -1

    @property
    def place(self):
        return f"{self.topic}/{self.partition}/{self.offset}"


def read(broker, topic):
    """All records of a topic, in order of partition and offset."""
    out = subprocess.run(["kcat", "-b", broker, "-C", "-q", "-e", "-t", topic, "-f", "%p %o %K %S %h\n%k%s"], capture_output=True,
                         timeout=120, check=True).stdout
    records, at = [], 0
    while at < len(out):
        end = out.index(b"\n", at)
        partition, offset, key_size, value_size, *rest = out[at:end].split(b" ", 4)
        key_size, value_size = max(0, int(key_size)), int(value_size)
        at = end + 1 + key_size + max(0, value_size)
        key = out[end + 1:end + 1 + key_size]
        value = out[end + 1 + key_size:at] if value_size >= 0 else None
        headers = tuple(tuple(header.split(b"=", 1)) for header in rest[0].split(b",") if header) if rest else ()
        records.append(Record(topic, int(partition), key, value, headers, int(offset)))
    return sorted(records, key=lambda record: (record.partition, record.offset))


_END, _TOPIC, _PARTITION, _VALUE, _KEY, _FLAGS, _HEADER = 0, 1, 3, 4, 5, 7, 9  # rd_kafka_vtype_t
_COPY = 2


def _library():
    library = ctypes.CDLL("librdkafka.so.1")
    library.rd_kafka_new.restype = ctypes.c_void_p
    library.rd_kafka_conf_new.restype = ctypes.c_void_p
    return library


def write(broker, records):
    """Appends each record to its partition, and returns when all are acknowledged."""
    library = _library()
    why = ctypes.create_string_buffer(512)
    conf = ctypes.c_void_p(library.rd_kafka_conf_new())
    for name, value in {b"bootstrap.servers": broker.encode(), b"message.max.bytes": b"8388608", b"linger.ms": b"1"}.items():
        if library.rd_kafka_conf_set(conf, name, value, why, ctypes.c_size_t(512)) != 0:
            raise AssertionError(why.value.decode())
    producer = ctypes.c_void_p(library.rd_kafka_new(0, conf, why, ctypes.c_size_t(512)))
    for record in records:
        value = (record.value, ctypes.c_size_t(len(record.value))) if record.value is not None else (None, ctypes.c_size_t(0))
        arguments = [_TOPIC, record.topic.encode(), _PARTITION, ctypes.c_int32(record.partition), _KEY, record.key,
                     ctypes.c_size_t(len(record.key)), _VALUE, *value, _FLAGS, _COPY]
        for name, text in record.headers:
            arguments += [_HEADER, name, text, ctypes.c_ssize_t(len(text))]
        error = library.rd_kafka_producev(producer, *arguments, _END)
        if error != 0:
            raise AssertionError(f"{record.topic}: librdkafka's error {error}")
    if library.rd_kafka_flush(producer, 60000) != 0:
        raise AssertionError("not all records were acknowledged")
    library.rd_kafka_destroy(producer)
