#include "pipeline/stage.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace kawat::pipeline {
namespace {

constexpr char kReasonUrl[] = "kawat.v1.Reason";  // the payload of a status: the number

}  // namespace

void Outbox::Send(std::string_view topic, std::string_view partition_key, std::string_view key,
                  std::optional<std::string> value) {
  bus::Record record;
  record.topic = topic;
  record.partition_key = partition_key;
  record.key = key;
  record.value = std::move(value);
  record.origin = next_origin();
  records_.push_back(std::move(record));
}

void Outbox::Refuse(article::Reason reason, std::string_view detail) {
  KAWAT_CHECK(!refusal_.has_value(), "a record is refused once");
  refusal_ = Refusal{.reason = reason, .detail = std::string(detail)};
}

bus::Origin Outbox::next_origin() const {
  bus::Origin origin = input_;
  if (!origin.topic.empty()) {
    origin.index = static_cast<std::int32_t>(records_.size());
  }
  return origin;
}

absl::Status BadRecord(article::Reason reason, std::string_view detail) {
  absl::Status status = absl::InvalidArgumentError(std::string(detail));
  status.SetPayload(kReasonUrl, absl::Cord(absl::StrCat(static_cast<int>(reason))));
  return status;
}

article::Reason DeadLetterReason(const absl::Status& status) {
  const auto payload = status.GetPayload(kReasonUrl);
  int number = 0;
  if (payload.has_value() && absl::SimpleAtoi(std::string(*payload), &number)) {
    return static_cast<article::Reason>(number);
  }
  return article::Reason::kMalformedRecord;
}

}  // namespace kawat::pipeline
