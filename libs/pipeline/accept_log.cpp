#include "pipeline/accept_log.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace kawat::pipeline {
namespace {

struct StoredCursor {
  bus::TopicPartition input;
  std::string text;
};

absl::Status CheckOwner(std::string_view owner, const state::Reader& state) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> named, state.Get(OwnerKey()));
  if (named.has_value() && *named != owner) {
    return absl::FailedPreconditionError(absl::StrCat(std::string(owner), ": its folder holds the state of ", *named,
                                                      ". Folders were moved or swapped: put each back in its place"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<StoredCursor>> StoredCursors(const state::Reader& state) {
  std::vector<StoredCursor> cursors;
  bool damaged = false;
  KAWAT_RETURN_IF_ERROR(state.Scan(kCursorPrefix, "", [&](std::string_view key, std::string_view text) {
    key.remove_prefix(kCursorPrefix.size());
    const std::size_t slash = key.rfind('/');
    StoredCursor cursor{.text = std::string(text)};
    damaged = slash == std::string_view::npos ||
              !absl::SimpleAtoi(std::string(key.substr(slash + 1)), &cursor.input.partition);
    if (!damaged) {
      cursor.input.topic = std::string(key.substr(0, slash));
      cursors.push_back(std::move(cursor));
    }
    return !damaged;
  }));
  if (damaged) {
    return absl::DataLossError("the shard's stored offsets are not readable; restore its folder from a backup");
  }
  return cursors;
}

absl::StatusOr<AcceptedInput> PlanInput(std::string_view owner, const bus::TopicPartition& input, const Cursor& cursor,
                                        bus::Consumer& consumer) {
  AcceptedInput plan{.input = input, .before = cursor, .after = cursor};
  const absl::Status checked = CheckCursor(owner, input, cursor, consumer);
  if (checked.ok() || !absl::IsFailedPrecondition(checked)) {
    KAWAT_RETURN_IF_ERROR(checked);
    return plan;
  }
  KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer.Range(input));
  plan.after = {.log_epoch = cursor.log_epoch + 1, .next = range.start, .time_ms = cursor.time_ms};
  if (cursor.next < range.start) {
    plan.contradiction = absl::StrCat("it stands at ", cursor.next, ", but the log begins at ", range.start);
    plan.consequence = absl::StrCat("the ", range.start - cursor.next, " records from ", cursor.next, " to ",
                                    range.start - 1, " are lost to it: they were deleted before it read them");
    return plan;
  }
  plan.contradiction =
      cursor.next > range.end
          ? absl::StrCat("it stands at ", cursor.next, ", but the log ends at ", range.end)
          : absl::StrCat("at ", cursor.next - 1, " the log has another record than the one it applied");
  plan.consequence =
      absl::StrCat("what the earlier log had from ", cursor.next,
                   " on is lost to it; what this log repeats of what was applied is met again, and changes nothing");
  return plan;
}

}  // namespace

absl::StatusOr<std::vector<AcceptedInput>> PlanAcceptLog(std::string_view owner, const state::Reader& state,
                                                         bus::Consumer& consumer) {
  KAWAT_RETURN_IF_ERROR(CheckOwner(owner, state));
  KAWAT_ASSIGN_OR_RETURN(const std::vector<StoredCursor> cursors, StoredCursors(state));
  if (cursors.empty()) {
    return absl::NotFoundError(absl::StrCat(
        std::string(owner), " has no state that could contradict the log: it begins at the log's start by itself"));
  }
  std::vector<AcceptedInput> plan;
  for (const StoredCursor& stored : cursors) {
    KAWAT_ASSIGN_OR_RETURN(const Cursor cursor, DecodeCursor(stored.text));
    KAWAT_ASSIGN_OR_RETURN(AcceptedInput input, PlanInput(owner, stored.input, cursor, consumer));
    plan.push_back(std::move(input));
  }
  return plan;
}

absl::Status AcceptLog(const std::vector<AcceptedInput>& plan, state::Store& state) {
  std::unique_ptr<state::Txn> txn = state.Begin();
  for (const AcceptedInput& input : plan) {
    if (input.changes()) {
      txn->Put(CursorKey(input.input), EncodeCursor(input.after));
    }
  }
  return state.Commit(std::move(txn));
}

}  // namespace kawat::pipeline
