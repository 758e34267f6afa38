// A refused record as a record of kawat.deadletters: the original whole, with the stage, the reason and a sentence.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "article/reason.h"
#include "bus/record.h"

namespace kawat::pipeline {

struct DeadLetter {
  std::string_view stage;
  article::Reason reason = article::Reason::kMalformedRecord;
  std::string_view detail;  // cut at 1,000 bytes
  const bus::Record& record;
  std::uint32_t log_epoch = 1;
};

// Its key: "topic/partition/offset" of the refused record.
std::string DeadLetterKey(const bus::Record& record);

// The value: a kawat.v1.DeadLetter. `with_value` false leaves the original's value out: for one that is itself too
// large.
std::string EncodeDeadLetter(const DeadLetter& letter, bool with_value);

// A dead letter as it was read back.
struct RefusedRecord {
  std::string stage;
  article::Reason reason = article::Reason::kMalformedRecord;
  std::string detail;
  bus::Record record;  // with its place; without a value if the letter has none
};

// InvalidArgument: no kawat.v1.DeadLetter.
absl::StatusOr<RefusedRecord> DecodeDeadLetter(std::string_view bytes);

}  // namespace kawat::pipeline
