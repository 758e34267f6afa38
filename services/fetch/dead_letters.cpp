#include "services/fetch/dead_letters.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/stage_runner.h"

namespace kawat::fetch {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
constexpr std::size_t kMaxBytesRead = 64 << 20;
constexpr std::size_t kSentAtOnce = 4;  // a page may have 6 MiB
constexpr absl::Duration kPatience = absl::Seconds(2);
constexpr absl::Duration kFlushPatience = absl::Seconds(5);

bus::TopicPartition PartitionAt(std::int32_t partition) { return {std::string(bus::kDeadLetters), partition}; }

absl::StatusOr<DeadLetterPlace> ParseToken(const std::string& token) {
  const std::vector<std::string> parts = absl::StrSplit(token, '/');
  DeadLetterPlace place;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &place.partition) ||
      !absl::SimpleAtoi(parts[1], &place.offset) || place.partition < 0 || place.offset < 0) {
    return absl::InvalidArgumentError("page_token must be one that an answer had");
  }
  return place;
}

absl::StatusOr<StoredDeadLetter> Decode(const bus::Record& record) {
  KAWAT_ASSIGN_OR_RETURN(pipeline::RefusedRecord refused, pipeline::DecodeDeadLetter(record.value.value_or("")));
  std::string id = pipeline::DeadLetterKey(refused.record);
  return StoredDeadLetter{.place = {record.partition, record.offset},
                          .id = std::move(id),
                          .refused_time = record.append_time,
                          .refused = std::move(refused)};
}

bool Matches(const DeadLetterFilter& filter, const StoredDeadLetter& letter) {
  return (filter.stage.empty() || filter.stage == letter.refused.stage) &&
         (!filter.reason.has_value() || *filter.reason == letter.refused.reason) &&
         letter.refused_time >= filter.since && letter.refused_time < filter.until &&
         (filter.id.empty() || filter.id == letter.id);
}

void AddToPage(StoredDeadLetter letter, DeadLetterPage& page) {
  page.key_bytes.push_back(letter.refused.record.key.size());
  page.value_bytes.push_back(letter.refused.record.value.value_or("").size());
  letter.refused.record.key.clear();
  letter.refused.record.value.reset();
  page.letters.push_back(std::move(letter));
}

// Letters may come from anyone who may write kawat.deadletters, and go out with fetch's rights: only to what the stage
// reads that is said to have refused them.
absl::Status CheckStageReads(const std::string& stage, const std::string& topic) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kReads = {{{"fetch", bus::kSources},
                                                                                           {"fetch", bus::kLinks},
                                                                                           {"parse", bus::kPages},
                                                                                           {"dedupe", bus::kParsed},
                                                                                           {"store", bus::kArticles},
                                                                                           {"store", bus::kSources}}};
  if (std::find(kReads.begin(), kReads.end(), std::pair<std::string_view, std::string_view>(stage, topic)) ==
      kReads.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("not kawat's own: \"", stage, "\" reads no topic \"", topic, "\" and cannot have refused it"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bus::Consumer*> DeadLetters::Reader() {
  if (reader_ == nullptr) {  // it never commits: it holds nothing back
    KAWAT_ASSIGN_OR_RETURN(reader_, bus_.NewConsumer(pipeline::GroupOf("fetch")));
  }
  return reader_.get();
}

// Reads on from `next`; `full` once the page is.
absl::Status DeadLetters::ListPartition(const DeadLetterFilter& filter, std::size_t page_size, absl::Time deadline,
                                        bus::Position& next, bool& full, DeadLetterPage& page) {
  KAWAT_ASSIGN_OR_RETURN(bus::Consumer* const reader, Reader());
  KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, reader->Range(PartitionAt(next.partition)));
  next.offset = std::max(next.offset, range.start);
  if (next.offset >= range.end) {
    return absl::OkStatus();
  }
  KAWAT_RETURN_IF_ERROR(reader->Assign({&next, 1}));
  for (std::size_t bytes = 0; next.offset < range.end;) {
    KAWAT_ASSIGN_OR_RETURN(const std::vector<bus::Record> records, reader->Poll({.patience = absl::Milliseconds(100)}));
    for (const bus::Record& record : records) {
      if (full || record.offset >= range.end) {
        break;
      }
      next.offset = record.offset + 1;
      bytes += bus::SizeBytes(record);
      absl::StatusOr<StoredDeadLetter> letter = Decode(record);
      if (letter.ok() && Matches(filter, *letter)) {  // what does not decode is none of kawat's
        AddToPage(*std::move(letter), page);
      }
      full = page.letters.size() >= page_size || bytes >= kMaxBytesRead;
    }
    full = full || (next.offset < range.end && clock_.Now() >= deadline);
    if (full) {
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<DeadLetterPage> DeadLetters::List(const DeadLetterFilter& filter, int page_size,
                                                 const std::string& page_token) {
  if (page_size < 0 || page_size > kMaxPageSize) {
    return absl::InvalidArgumentError(absl::StrCat("page_size must be at least 0 and at most ", kMaxPageSize));
  }
  DeadLetterPlace place;
  if (!page_token.empty()) {
    KAWAT_ASSIGN_OR_RETURN(place, ParseToken(page_token));
  }
  KAWAT_ASSIGN_OR_RETURN(const std::int32_t partitions, bus_.PartitionCount(bus::kDeadLetters));
  const absl::MutexLock lock(&mutex_);
  const absl::Time deadline = clock_.Now() + kPatience;
  DeadLetterPage page;
  for (bus::Position next{std::string(bus::kDeadLetters), place.partition, place.offset}; next.partition < partitions;
       ++next.partition, next.offset = 0) {
    bool full = false;
    const std::size_t size = static_cast<std::size_t>(page_size == 0 ? kDefaultPageSize : page_size);
    if (absl::Status status = ListPartition(filter, size, deadline, next, full, page); !status.ok()) {
      reader_.reset();
      return status;
    }
    if (full) {
      page.next_page_token = absl::StrCat(next.partition, "/", next.offset);
      break;
    }
  }
  return page;
}

absl::StatusOr<StoredDeadLetter> DeadLetters::Read(const DeadLetterPlace& place) {
  KAWAT_ASSIGN_OR_RETURN(bus::Consumer* const reader, Reader());
  KAWAT_ASSIGN_OR_RETURN(const std::optional<bus::Record> record,
                         reader->ReadAt(PartitionAt(place.partition), place.offset));
  if (!record.has_value()) {
    return absl::NotFoundError(absl::StrCat("kawat.deadletters has no record at ", place.partition, "/", place.offset,
                                            "; letters are kept for 30 days"));
  }
  return Decode(*record);
}

absl::StatusOr<StoredDeadLetter> DeadLetters::Get(const DeadLetterPlace& place) {
  const absl::MutexLock lock(&mutex_);
  return Read(place);
}

// A topic that was made anew may hold another record at that offset: it is the refused one if all agrees that the
// letter has of it.
absl::StatusOr<bus::Record> DeadLetters::Original(const StoredDeadLetter& letter) {
  const bus::Record& refused = letter.refused.record;
  KAWAT_RETURN_IF_ERROR(CheckStageReads(letter.refused.stage, refused.topic));
  KAWAT_ASSIGN_OR_RETURN(bus::Consumer* const reader, Reader());
  const absl::StatusOr<std::optional<bus::Record>> read =
      reader->ReadAt({refused.topic, refused.partition}, refused.offset);
  if (!read.ok() && !absl::IsNotFound(read.status()) && !absl::IsPermissionDenied(read.status())) {
    return read.status();
  }
  const bool is_it = read.ok() && read->has_value() && (*read)->key == refused.key &&
                     (!refused.value.has_value() || (*read)->value == refused.value) &&
                     (*read)->append_time == refused.append_time;
  if (is_it) {
    return **read;
  }
  if (!refused.value.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("the letter does not hold the original, and ", refused.topic, " does not have it any more"));
  }
  return refused;
}

absl::Status DeadLetters::Send(const std::vector<bus::Record>& records) {
  const bool pages = std::any_of(records.begin(), records.end(),
                                 [](const bus::Record& record) { return record.topic == bus::kPages; });
  if (pages) {
    KAWAT_ASSIGN_OR_RETURN(const bool backed_up, bus_.IsBackedUp(bus::kPages, pipeline::GroupOf("parse")));
    if (backed_up) {
      return absl::UnavailableError("parse is far behind on kawat.pages; replay when it has caught up");
    }
  }
  if (producer_ == nullptr) {
    KAWAT_ASSIGN_OR_RETURN(producer_, bus_.NewProducer());
  }
  absl::Status sent = producer_->Send(records);
  sent.Update(sent.ok() ? producer_->Flush(kFlushPatience) : sent);
  if (!sent.ok()) {
    producer_.reset();  // its error would stick
  }
  for (std::size_t i = 0; sent.ok() && on_sent_ != nullptr && i < records.size(); ++i) {
    on_sent_(records[i]);
  }
  return absl::IsDeadlineExceeded(sent) ? absl::UnavailableError("the log does not acknowledge; try again") : sent;
}

absl::StatusOr<std::vector<ReplayedDeadLetter>> DeadLetters::Replay(std::span<const DeadLetterPlace> places,
                                                                    bool dry_run) {
  if (places.size() > kMaxReplayedAtOnce) {
    return absl::InvalidArgumentError(absl::StrCat("places must be at most ", kMaxReplayedAtOnce));
  }
  const absl::MutexLock lock(&mutex_);
  std::vector<ReplayedDeadLetter> replayed;
  std::vector<bus::Record> records;
  for (const DeadLetterPlace& place : places) {
    const absl::StatusOr<StoredDeadLetter> letter = Read(place);
    absl::StatusOr<bus::Record> original = letter.ok() ? Original(*letter) : letter.status();
    if (!original.ok() && !absl::IsNotFound(original.status()) && !absl::IsInvalidArgument(original.status())) {
      return original.status();
    }
    replayed.push_back(
        {.id = letter.ok() ? letter->id
                           : absl::StrCat(std::string(bus::kDeadLetters), "/", place.partition, "/", place.offset),
         .status = original.status()});
    if (original.ok()) {
      records.push_back(*std::move(original));
    }
    if (!dry_run && (records.size() == kSentAtOnce || (&place == &places.back() && !records.empty()))) {
      KAWAT_RETURN_IF_ERROR(Send(records));
      records.clear();
    }
  }
  return replayed;
}

}  // namespace kawat::fetch
