#include "services/store/rebuild.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/files.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/cursor.h"
#include "pipeline/replay.h"
#include "pipeline/stage_runner.h"
#include "services/store/fts5_index.h"
#include "services/store/indexer.h"
#include "services/store/stage.h"
#include "state/rocksdb/rocksdb_store.h"

namespace kawat::store {
namespace {

constexpr absl::Duration kIdle = absl::Milliseconds(5);

struct Span {
  bus::TopicPartition input;
  std::int64_t from = 0;
  std::int64_t to = 0;
};

absl::StatusOr<std::int64_t> NextOf(const state::Reader& state, const Span& span) {
  KAWAT_ASSIGN_OR_RETURN(const std::optional<std::string> stored, state.Get(pipeline::CursorKey(span.input)));
  if (!stored.has_value()) {
    return span.from;
  }
  KAWAT_ASSIGN_OR_RETURN(const pipeline::Cursor cursor, pipeline::DecodeCursor(*stored));
  return cursor.next;
}

// Records that were applied, and that are left.
absl::StatusOr<std::pair<std::int64_t, std::int64_t>> Count(const state::Reader& state,
                                                            const std::vector<Span>& spans) {
  std::int64_t done = 0;
  std::int64_t left = 0;
  for (const Span& span : spans) {
    KAWAT_ASSIGN_OR_RETURN(const std::int64_t next, NextOf(state, span));
    done += std::min(next, span.to) - span.from;
    left += std::max<std::int64_t>(span.to - next, 0);
  }
  return std::pair(done, left);
}

absl::StatusOr<std::vector<Span>> SpansOf(bus::Bus& bus, const std::vector<bus::TopicPartition>& inputs) {
  KAWAT_ASSIGN_OR_RETURN(const auto consumer, bus.NewConsumer(pipeline::GroupOf("store")));
  std::vector<Span> spans;
  for (const bus::TopicPartition& input : inputs) {
    KAWAT_ASSIGN_OR_RETURN(const bus::OffsetRange range, consumer->Range(input));
    KAWAT_ASSIGN_OR_RETURN(const std::int64_t end, pipeline::AfterLastRecord(input, *consumer));
    spans.push_back({input, range.start, end});
  }
  return spans;
}

}  // namespace

absl::StatusOr<Rebuilt> Rebuild(bus::Bus& bus, const std::filesystem::path& folder, std::int32_t shard,
                                const std::function<void(std::int64_t done, std::int64_t all)>& progress) {
  const std::vector<bus::TopicPartition> inputs = {{std::string(bus::kArticles), shard},
                                                   {std::string(bus::kSources), 0}};
  KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(folder));
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<state::Store> state, state::OpenRocksDb(folder));
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<SearchIndex> index, OpenFts5Index(folder / "index.sqlite"));
  KAWAT_ASSIGN_OR_RETURN(const std::vector<Span> spans, SpansOf(bus, inputs));
  Indexer indexer(*state, *index, {});
  KAWAT_RETURN_IF_ERROR(indexer.CatchUp());
  StoreStage stage([&indexer] { return indexer.CatchUp(); });
  KAWAT_ASSIGN_OR_RETURN(const std::unique_ptr<pipeline::StageRunner> runner,
                         pipeline::StageRunner::Create({.stage = "store",
                                                        .owner = absl::StrCat("store/", shard),
                                                        .inputs = inputs,
                                                        .marker_path = folder.string() + ".marker"},
                                                       stage, bus, state.get(), nullptr, nullptr));
  for (;;) {
    KAWAT_ASSIGN_OR_RETURN(const bool worked, runner->Step());
    KAWAT_ASSIGN_OR_RETURN(const auto counts, Count(*state, spans));
    const auto [done, left] = counts;
    progress(done, done + left);
    if (left == 0) {
      KAWAT_ASSIGN_OR_RETURN(const std::int64_t next, NextOf(*state, spans.front()));
      return Rebuilt{.records = done, .next = next};
    }
    if (!worked) {
      absl::SleepFor(kIdle);  // a log that is another process's has not sent any yet
    }
  }
}

}  // namespace kawat::store
