#include "bus/embedded/format.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/status.h"

namespace kawat::bus::embedded {
namespace {

constexpr std::size_t kPartitionKeyBytes = 9;
constexpr std::int64_t kForever = -1;

template <int kBytes>
void PutBigEndian(std::uint64_t value, std::string& out) {
  for (int shift = 8 * (kBytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

void PutNumber(std::int64_t value, std::string& out) {
  for (int shift = 0; shift < 64; shift += 8) {
    out.push_back(static_cast<char>((static_cast<std::uint64_t>(value) >> shift) & 0xff));
  }
}

void PutText(std::string_view text, std::string& out) {
  PutNumber(static_cast<std::int64_t>(text.size()), out);
  out += text;
}

// Takes values off the front of a string; once something is missing all is zero, and Finish says so.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}

  std::int64_t Number() {
    const std::string_view bytes = Take(8);
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) {
      value = (value << 8) | static_cast<unsigned char>(bytes[i - 1]);
    }
    return static_cast<std::int64_t>(value);
  }
  std::string_view Text() {
    const std::int64_t size = Number();
    return size < 0 ? Fail() : Take(static_cast<std::size_t>(size));
  }
  std::string_view Rest() { return Take(rest_.size()); }

  // `value`, if all was there and nothing is left.
  template <class T>
  absl::StatusOr<T> Finish(T value) const {
    if (!ok_ || !rest_.empty()) {
      return absl::DataLossError("the log's folder holds bytes that this version cannot read");
    }
    return value;
  }

 private:
  std::string_view Take(std::size_t size) {
    if (size > rest_.size()) {
      return Fail();
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view Fail() {
    ok_ = false;
    rest_ = {};
    return {};
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

std::string PartitionKey(char kind, std::uint32_t topic, std::int32_t partition) {
  std::string key(1, kind);
  PutBigEndian<4>(topic, key);
  PutBigEndian<4>(static_cast<std::uint32_t>(partition), key);
  return key;
}

std::string OffsetKey(char kind, std::uint32_t topic, std::int32_t partition, std::int64_t offset) {
  std::string key = PartitionKey(kind, topic, partition);
  PutBigEndian<8>(static_cast<std::uint64_t>(offset), key);
  return key;
}

std::string NamedKey(char kind, std::uint32_t topic, std::int32_t partition, std::string_view name) {
  std::string key = PartitionKey(kind, topic, partition);
  key += name;
  return key;
}

std::string_view NameOf(std::string_view named_key) { return named_key.substr(kPartitionKeyBytes); }

std::int64_t OffsetOf(std::string_view offset_key) {
  std::uint64_t offset = 0;
  for (const char byte : NameOf(offset_key)) {
    offset = (offset << 8) | static_cast<unsigned char>(byte);
  }
  return static_cast<std::int64_t>(offset);
}

std::string EncodeNumber(std::int64_t value) {
  std::string bytes;
  PutNumber(value, bytes);
  return bytes;
}

std::string EncodeTopic(const TopicInfo& topic) {
  const TopicSpec& spec = topic.spec;
  std::string bytes;
  PutNumber(topic.id, bytes);
  PutNumber(spec.partitions, bytes);
  PutNumber(spec.replication, bytes);
  PutNumber(spec.compacted ? 1 : 0, bytes);
  PutNumber(spec.retention == absl::InfiniteDuration() ? kForever : absl::ToInt64Milliseconds(spec.retention), bytes);
  PutNumber(spec.max_record_bytes, bytes);
  PutNumber(spec.max_unread_bytes, bytes);
  return bytes;
}

std::string EncodeState(const PartitionState& state) {
  std::string bytes;
  PutNumber(state.start, bytes);
  PutNumber(state.end, bytes);
  PutNumber(state.total_bytes, bytes);
  PutNumber(state.last_append_ms, bytes);
  return bytes;
}

std::string EncodeHeader(const Header& header) {
  std::string bytes;
  PutNumber(header.append_ms, bytes);
  PutNumber(header.bytes_before, bytes);
  bytes += header.key;
  return bytes;
}

std::string EncodeRecordHead(const Record& record, std::int64_t append_ms) {
  std::string bytes;
  bytes.reserve(record.key.size() + 96);
  PutNumber(append_ms, bytes);
  PutText(record.key, bytes);
  PutText(record.origin.topic.empty() ? std::string() : FormatOrigin(record.origin), bytes);
  bytes.push_back(record.value ? 'v' : '-');
  return bytes;
}

absl::StatusOr<std::int64_t> DecodeNumber(std::string_view bytes) {
  Decoder decoder(bytes);
  return decoder.Finish(decoder.Number());
}

absl::StatusOr<TopicInfo> DecodeTopic(std::string_view name, std::string_view bytes) {
  Decoder decoder(bytes);
  TopicInfo topic;
  topic.id = static_cast<std::uint32_t>(decoder.Number());
  topic.spec.name = name;
  topic.spec.partitions = static_cast<std::int32_t>(decoder.Number());
  topic.spec.replication = static_cast<int>(decoder.Number());
  topic.spec.compacted = decoder.Number() == 1;
  const std::int64_t retention_ms = decoder.Number();
  topic.spec.retention = retention_ms == kForever ? absl::InfiniteDuration() : absl::Milliseconds(retention_ms);
  topic.spec.max_record_bytes = decoder.Number();
  topic.spec.max_unread_bytes = decoder.Number();
  return decoder.Finish(std::move(topic));
}

absl::StatusOr<PartitionState> DecodeState(std::string_view bytes) {
  Decoder decoder(bytes);
  PartitionState state;
  state.start = decoder.Number();
  state.end = decoder.Number();
  state.total_bytes = decoder.Number();
  state.last_append_ms = decoder.Number();
  return decoder.Finish(state);
}

absl::StatusOr<Header> DecodeHeader(std::string_view bytes) {
  Decoder decoder(bytes);
  Header header;
  header.append_ms = decoder.Number();
  header.bytes_before = decoder.Number();
  header.key = decoder.Rest();
  return decoder.Finish(std::move(header));
}

absl::StatusOr<Record> DecodeRecord(std::string_view bytes) {
  Decoder decoder(bytes);
  Record record;
  record.append_time = absl::FromUnixMillis(decoder.Number());
  record.key = decoder.Text();
  record.origin = ParseOrigin(decoder.Text());
  KAWAT_ASSIGN_OR_RETURN(const std::string_view value, decoder.Finish(decoder.Rest()));
  if (value != "-") {
    if (!value.starts_with('v')) {
      return absl::DataLossError("the log's folder holds a record that this version cannot read");
    }
    record.value.emplace(value.substr(1));
  }
  return record;
}

}  // namespace kawat::bus::embedded
