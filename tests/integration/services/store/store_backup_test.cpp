// Backups of a shard of the store while it is being written: RocksDB, SQLite and the runner are the real ones.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/stage_runner.h"
#include "services/store/fts5_file.h"
#include "services/store/fts5_index.h"
#include "services/store/indexer.h"
#include "services/store/logical.h"
#include "services/store/shard_state.h"
#include "services/store/stage.h"
#include "shard/backup.h"
#include "shard/restore.h"
#include "state/rocksdb/rocksdb_look.h"
#include "state/rocksdb/rocksdb_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait.h"

namespace kawat::store {
namespace {

constexpr int kArticles = 4000;
const shard::Name kShard{.service = "store", .number = 0};

std::vector<bus::Record> Events() {
  std::vector<bus::Record> events;
  for (int i = 0; i < kArticles; ++i) {
    const std::string url = absl::StrCat("https://a.example/", i);
    const article::Article article{.id = article::ArticleId(url),
                                   .url = url,
                                   .canonical_url = url,
                                   .source_id = "a",
                                   .title = absl::StrCat("Title ", i),
                                   .body = std::string(500, 'x'),
                                   .observed_time = absl::FromUnixSeconds(1000 + i),
                                   .seq = i,
                                   .revision = 1};
    events.push_back({.topic = std::string(bus::kArticles),
                      .partition = 0,
                      .key = article::RevisionKey(article.id, 1),
                      .value = article::Encode(article::ArticleEvent{.version = {1, i, 0}, .fact = article})});
  }
  return events;
}

// Applies what the log has up to `end`.
absl::Status ApplyUpTo(const std::vector<bus::Record>& events, std::size_t end, state::Store& state, Indexer* indexer) {
  support::FakeClock clock;
  support::MemoryBus bus(clock);
  KAWAT_RETURN_IF_ERROR(bus.CreateMissingTopics(bus::Topics(1, 1)).status());
  for (std::size_t i = 0; i < end; ++i) {
    bus.Append(events[i]);
  }
  StoreStage stage([&] { return indexer == nullptr ? absl::OkStatus() : indexer->CatchUp(); });
  KAWAT_ASSIGN_OR_RETURN(const auto runner, pipeline::StageRunner::Create(
                                                {.stage = "store",
                                                 .owner = "store/0",
                                                 .inputs = {{std::string(bus::kArticles), 0}},
                                                 .limits = {.max_records = 20, .patience = absl::ZeroDuration()}},
                                                stage, bus, &state, nullptr, nullptr));
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more) {
    more = runner->Step();
  }
  return more.status();
}

// A backup, restored, is what the shard was after the record before its offset: nothing less, nothing more.
void ExpectAPrefix(const std::filesystem::path& backups, const std::vector<bus::Record>& events) {
  const support::TempFolder other;
  ASSERT_OK_AND_ASSIGN(const shard::Restored restored, shard::Restore(backups, kShard, other.path(), false));
  const std::filesystem::path folder = kShard.FolderIn(other.path());
  ASSERT_OK_AND_ASSIGN(const auto look, state::OpenRocksDbForLook(folder));
  EXPECT_OK(look->VerifyChecksums());
  ASSERT_OK_AND_ASSIGN(const shard::Summary summary, shard::Summarize(*look));
  ASSERT_EQ(summary.positions.size(), 1U);
  const auto next = static_cast<std::size_t>(summary.positions[0].cursor.next);
  EXPECT_EQ(restored.manifest.summary.positions[0].cursor.next, summary.positions[0].cursor.next);
  support::MemoryStore replayed;
  ASSERT_OK(ApplyUpTo(events, next, replayed, nullptr));
  ASSERT_OK_AND_ASSIGN(const std::string expected, LogicalFingerprint(replayed));
  ASSERT_OK_AND_ASSIGN(const std::string fingerprint, LogicalFingerprint(*look));
  EXPECT_EQ(fingerprint, expected);
  ASSERT_OK_AND_ASSIGN(const std::int64_t indexed, CheckIndex(folder / kIndexFile));
  ASSERT_OK_AND_ASSIGN(const Totals totals, ReadTotals(*look));
  EXPECT_LE(indexed, totals.last_offset) << "the index is ahead of the state";
  EXPECT_EQ(totals.last_offset + 1, static_cast<std::int64_t>(next));
}

TEST(StoreBackupTest, EachBackupUnderLoadIsAPrefixOfTheLog) {
  const std::vector<bus::Record> events = Events();
  const support::TempFolder data;
  const std::filesystem::path folder = kShard.FolderIn(data.path());
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<state::Store> state, state::OpenRocksDb(folder));
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<SearchIndex> index, OpenFts5Index(folder / kIndexFile));
  Indexer indexer(*state, *index, nullptr);
  shard::Backups backups(data.path());
  backups.Add({.name = kShard, .store = state.get(), .copy_beside = [&](const std::filesystem::path& to) {
                 return CopyIndex(folder / kIndexFile, to / kIndexFile);
               }});
  std::atomic<bool> ended = false;
  absl::Status ran;
  std::thread writer([&] {
    ran = ApplyUpTo(events, events.size(), *state, &indexer);
    ended = true;
  });
  std::vector<std::string> names;
  while (!ended) {
    names.push_back(absl::StrCat("backup-", names.size()));
    EXPECT_OK(backups.Make("store/00", names.back()));
  }
  writer.join();
  ASSERT_OK(ran);
  EXPECT_GT(names.size(), 3U) << "hardly a backup was made under load: this test proves nothing";
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    ExpectAPrefix(data.path() / "backups" / name, events);
  }
  // What was restored goes on to the end.
  const support::TempFolder other;
  ASSERT_OK(shard::Restore(data.path() / "backups" / names.front(), kShard, other.path(), false));
  ASSERT_OK_AND_ASSIGN(const auto again, state::OpenRocksDb(kShard.FolderIn(other.path())));
  ASSERT_OK_AND_ASSIGN(const auto its_index, OpenFts5Index(kShard.FolderIn(other.path()) / kIndexFile));
  Indexer follower(*again, *its_index, nullptr);
  ASSERT_OK(follower.CatchUp());
  ASSERT_OK(ApplyUpTo(events, events.size(), *again, &follower));
  EXPECT_EQ(LogicalFingerprint(*again).value_or("1"), LogicalFingerprint(*state).value_or("2"));
  EXPECT_EQ(its_index->last_sequence(), index->last_sequence());
}

TEST(StoreBackupTest, ADamagedIndexIsFound) {
  const support::TempFolder folder;
  const std::filesystem::path path = folder.path() / kIndexFile;
  {
    ASSERT_OK_AND_ASSIGN(const auto index, OpenFts5Index(path));
    std::vector<Document> documents;
    for (int i = 0; i < 500; ++i) {
      documents.push_back({.article_id = absl::StrCat(i),
                           .position = 1 + i,
                           .observed_time = absl::UnixEpoch(),
                           .title = absl::StrCat("title ", i),
                           .body = absl::StrCat("word", i, " and more of it")});
    }
    ASSERT_OK(index->Update(documents, {}, 7));
  }
  ASSERT_OK_AND_ASSIGN(const std::int64_t sequence, CheckIndex(path));
  EXPECT_EQ(sequence, 7);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_EQ(CheckIndex(path).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace kawat::store
