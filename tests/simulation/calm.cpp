#include "tests/simulation/calm.h"

#include <algorithm>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/check.h"
#include "base/hash.h"
#include "bus/topics.h"
#include "pipeline/cursor.h"
#include "services/dedupe/logical.h"
#include "services/dedupe/stage.h"
#include "services/fetch/frontier.h"
#include "services/store/logical.h"
#include "services/store/shard_state.h"
#include "services/store/stage.h"

namespace kawat::simulation {
namespace {

// Applies records one by one, as a runner does that meets no fault; its outputs go to `told`.
void ApplyAll(pipeline::Stage& stage, const std::vector<bus::Record>& records, state::Store& state,
              const std::function<void(bus::Record)>& told) {
  std::map<bus::TopicPartition, absl::Time> times;
  std::unique_ptr<state::Txn> txn = state.Begin();
  for (bus::Record record : records) {
    if (record.partition >= 0) {
      absl::Time& time =
          times.emplace(bus::TopicPartition{record.topic, record.partition}, record.append_time).first->second;
      record.append_time = time = std::max(time, record.append_time);
    }
    const bool local = record.partition < 0;
    pipeline::Outbox out(local ? bus::Origin() : bus::Origin{1, record.topic, record.partition, record.offset, 0}, 0);
    txn->SetSavePoint();
    if (stage.Apply(record, *txn, out).ok()) {
      for (bus::Record& sent : out.records()) {
        told(std::move(sent));
      }
    } else {
      txn->RollBack();
    }
  }
  KAWAT_CHECK(state.Commit(std::move(txn)).ok(), "a commit without faults");
}

std::string Short(std::string_view bytes) {
  return bytes.size() <= 60 ? absl::CHexEscape(std::string(bytes))
                            : absl::StrCat(bytes.size(), " bytes ", absl::Hex(base::XxHash64(bytes)));
}

// A fact without how far its teller had come.
std::string FactLine(std::string_view bytes) {
  auto event = article::DecodeArticleEvent(bytes);
  KAWAT_CHECK(event.ok(), "an event");
  event->complete_below = 0;
  return Short(article::Encode(*event));
}

std::string FactOf(const bus::Record& record) {
  return absl::StrCat(record.key, " = ", record.value.has_value() ? FactLine(*record.value) : "deleted");
}

}  // namespace

Lines LinesOf(Service service, const state::Reader& state, bool adopted) {
  Lines lines;
  absl::Status visited;
  if (service == Service::kStore) {
    visited = store::VisitLogical(state, [&](std::string line) { lines.insert(std::move(line)); });
  } else if (service == Service::kDedupe) {
    visited = dedupe::VisitLogical(state, [&](std::string line) {
      const bool unknown = line.starts_with("seen ") || line.starts_with("body ") || line.starts_with("window ");
      if (!adopted || !unknown) {
        lines.insert(std::move(line));
      }
    });
  } else {  // all of it: its journal tells all
    visited = state.Scan("", "", [&](std::string_view key, std::string_view value) {
      if (!key.starts_with(pipeline::kReservedPrefix)) {
        lines.insert(absl::StrCat(absl::CHexEscape(std::string(key)), " = ", Short(value)));
      }
      return true;
    });
  }
  KAWAT_CHECK(visited.ok(), "a state that decodes");
  return lines;
}

Lines LinesOf(const support::MemoryIndex& index) {
  Lines lines;
  for (const auto& [id, document] : index.documents()) {
    lines.insert(absl::StrCat(id, " ", document.position, " ", document.title, " ", Short(document.body)));
  }
  return lines;
}

Lines IndexLinesOf(const state::Reader& store) {
  Lines lines;
  KAWAT_CHECK(store
                  .Scan(store::kHeads, "",
                        [&](std::string_view key, std::string_view) {
                          const std::string id(key.substr(store::kHeads.size()));
                          const auto newest = store::ReadNewest(store, id);
                          if (newest.ok() && newest->has_value()) {
                            lines.insert(absl::StrCat(id, " ", store::ReadHead(store, id)->position, " ",
                                                      (*newest)->title, " ", Short((*newest)->body)));
                          }
                          return true;
                        })
                  .ok(),
              "a scan");
  return lines;
}

Lines FactsOf(const support::MemoryBus& log) {
  Lines lines;
  for (const auto& [key, record] : log.NewestByKey(bus::kArticles)) {
    lines.insert(FactOf(record));
  }
  return lines;
}

CalmDedupe RunCalmDedupe(const std::vector<bus::Record>& parsed, bool adopted) {
  dedupe::DedupeStage stage;
  support::MemoryStore state;
  std::map<std::string, bus::Record> facts;
  ApplyAll(stage, parsed, state, [&](bus::Record sent) { facts.insert_or_assign(sent.key, std::move(sent)); });
  CalmDedupe calm{.state = LinesOf(Service::kDedupe, state, adopted)};
  for (const auto& [key, record] : facts) {
    calm.facts.insert(FactOf(record));
  }
  return calm;
}

Lines RunCalmStore(const support::MemoryBus& log, int partition) {
  store::StoreStage stage([] { return absl::OkStatus(); });
  support::MemoryStore state;
  std::vector<bus::Record> records = log.Records(bus::kSources);
  for (bus::Record& record : log.Records(bus::kArticles)) {
    if (record.partition == partition) {
      records.push_back(std::move(record));
    }
  }
  ApplyAll(stage, records, state, [](const bus::Record&) {});
  return LinesOf(Service::kStore, state);
}

Lines RunCalmFetch(const std::vector<bus::Record>& journal, int partition) {
  support::MemoryStore state;
  const auto frontier =
      fetch::Frontier::Load({.partition = partition, .partitions = kPartitions}, state, absl::UnixEpoch());
  KAWAT_CHECK(frontier.ok(), "an empty frontier");
  ApplyAll(**frontier, journal, state, [](const bus::Record&) {});
  return LinesOf(Service::kFetch, state);
}

std::string FirstDifference(const Lines& is, const Lines& should) {
  const auto first_without = [](const Lines& lines, const Lines& others) -> std::string {
    const auto found =
        std::find_if(lines.begin(), lines.end(), [&](const std::string& line) { return !others.contains(line); });
    return found == lines.end() ? "nothing" : *found;
  };
  return absl::StrCat("lacks ", first_without(should, is), ", has ", first_without(is, should));
}

std::optional<std::int64_t> NextOffset(const state::Reader& state, const bus::TopicPartition& input) {
  const auto stored = state.Get(pipeline::CursorKey(input));
  if (!stored.ok() || !stored->has_value()) {
    return std::nullopt;
  }
  const auto cursor = pipeline::DecodeCursor(**stored);
  return cursor.ok() ? std::optional(cursor->next) : std::nullopt;
}

std::int64_t CompleteBelow(const support::MemoryBus& log) {
  std::int64_t highest = 0;
  for (const bus::Record& record : log.Records(bus::kArticles)) {
    if (record.value.has_value()) {
      highest = std::max(highest, article::DecodeArticleEvent(*record.value)->complete_below);
    }
  }
  return highest;
}

std::int64_t LastOffset(const support::MemoryBus& log, const bus::TopicPartition& input) {
  std::int64_t last = 0;
  for (const bus::Record& record : log.Records(input.topic)) {
    last = record.partition == input.partition ? std::max(last, record.offset + 1) : last;
  }
  return last;
}

}  // namespace kawat::simulation
