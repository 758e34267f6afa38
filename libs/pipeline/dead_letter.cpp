#include "pipeline/dead_letter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "article/convert.h"
#include "base/utf8.h"
#include "kawat/v1/dead_letter.pb.h"

namespace kawat::pipeline {
namespace {

constexpr std::size_t kDetailBytes = 1000;

// A proto string must be UTF-8; a detail may quote what was refused.
std::string Detail(std::string_view text) {
  std::string detail = base::ReplaceControls(base::ReplaceInvalidUtf8(text, "?"), "?");
  while (detail.size() > kDetailBytes || !base::IsValidUtf8(detail)) {  // at most a sequence too short
    detail.resize(std::min(detail.size() - 1, kDetailBytes));
  }
  return detail;
}

}  // namespace

std::string DeadLetterKey(const bus::Record& record) {
  return absl::StrCat(record.topic, "/", record.partition, "/", record.offset);
}

std::string EncodeDeadLetter(const DeadLetter& letter, bool with_value) {
  v1::DeadLetter proto;
  proto.set_stage(std::string(letter.stage));
  proto.set_reason(static_cast<v1::Reason>(letter.reason));
  proto.set_detail(Detail(letter.detail));
  v1::Origin& place = *proto.mutable_record();
  place.set_log_epoch(letter.log_epoch);
  place.set_topic(letter.record.topic);
  place.set_partition(letter.record.partition);
  place.set_offset(letter.record.offset);
  proto.set_key(letter.record.key);
  if (with_value && letter.record.value.has_value()) {
    proto.set_value(*letter.record.value);
  }
  article::ToProto(letter.record.append_time, *proto.mutable_append_time());
  if (const bus::Origin& origin = letter.record.origin; !origin.topic.empty()) {
    v1::Origin& out = *proto.mutable_origin();
    out.set_log_epoch(origin.log_epoch);
    out.set_topic(origin.topic);
    out.set_partition(origin.partition);
    out.set_offset(origin.offset);
    out.set_index(origin.index);
  }
  return proto.SerializeAsString();
}

absl::StatusOr<RefusedRecord> DecodeDeadLetter(std::string_view bytes) {
  v1::DeadLetter proto;
  if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError("not a kawat.v1.DeadLetter");
  }
  RefusedRecord refused{
      .stage = proto.stage(), .reason = static_cast<article::Reason>(proto.reason()), .detail = proto.detail()};
  refused.record.topic = proto.record().topic();
  refused.record.partition = proto.record().partition();
  refused.record.offset = proto.record().offset();
  refused.record.key = proto.key();
  if (!proto.value().empty()) {
    refused.record.value = proto.value();
  }
  refused.record.append_time = article::FromProto(proto.append_time());
  const v1::Origin& origin = proto.origin();
  if (!origin.topic().empty()) {
    refused.record.origin = {origin.log_epoch(), origin.topic(), origin.partition(), origin.offset(), origin.index()};
  }
  return refused;
}

}  // namespace kawat::pipeline
