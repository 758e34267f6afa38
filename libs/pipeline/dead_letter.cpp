#include "pipeline/dead_letter.h"

#include "absl/strings/str_cat.h"
#include "kawat/v1/dead_letter.pb.h"

namespace kawat::pipeline {
namespace {

constexpr std::size_t kDetailBytes = 1000;

// A proto string must be UTF-8; a detail may quote what was refused.
std::string Utf8(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kDetailBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(byte >= 0x20 && byte < 0x7f ? c : '?');
  }
  return out;
}

}  // namespace

std::string DeadLetterKey(const bus::Record& record) {
  return absl::StrCat(record.topic, "/", record.partition, "/", record.offset);
}

std::string EncodeDeadLetter(const DeadLetter& letter, bool with_value) {
  v1::DeadLetter proto;
  proto.set_stage(std::string(letter.stage));
  proto.set_reason(static_cast<v1::Reason>(letter.reason));
  proto.set_detail(Utf8(letter.detail));
  v1::Origin& place = *proto.mutable_record();
  place.set_log_epoch(letter.log_epoch);
  place.set_topic(letter.record.topic);
  place.set_partition(letter.record.partition);
  place.set_offset(letter.record.offset);
  proto.set_key(letter.record.key);
  if (with_value && letter.record.value.has_value()) {
    proto.set_value(*letter.record.value);
  }
  const std::int64_t millis = absl::ToUnixMillis(letter.record.append_time);
  proto.mutable_append_time()->set_seconds(millis / 1000);
  proto.mutable_append_time()->set_nanos(static_cast<std::int32_t>(millis % 1000) * 1'000'000);
  return proto.SerializeAsString();
}

}  // namespace kawat::pipeline
