// A log with facts, and a store of its shards: states in memory, indexes in files.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/status.h"
#include "bus/topics.h"
#include "pipeline/stage_runner.h"
#include "services/store/fts5_index.h"
#include "services/store/indexer.h"
#include "services/store/library.h"
#include "services/store/local_node.h"
#include "services/store/stage.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::store {

inline constexpr int kShards = 3;

inline article::Article Article(const std::string& name, std::int64_t seconds, std::string body, int revision = 1) {
  const std::string url = absl::StrCat("https://", name, ".example/news");
  const std::string id = article::ArticleId(url);
  return {.id = id,
          .url = url,
          .canonical_url = url,
          .source_id = name,
          .title = absl::StrCat("Title of ", name),
          .body = std::move(body),
          .language = "id",
          .observed_time = absl::FromUnixSeconds(seconds),
          .seq = seconds,
          .revision = revision,
          .cluster_id = id};
}

inline std::string IdOf(const std::string& name) { return Article(name, 0, "").id; }

inline std::string KeyOf(const article::Article& fact) { return article::RevisionKey(fact.id, fact.revision); }
inline std::string KeyOf(const article::Membership& fact) {
  return article::MembershipKey(fact.article_id, fact.number);
}
inline std::string KeyOf(const article::UrlAlias& fact) { return article::AliasKey(fact.article_id, fact.url); }
inline std::string KeyOf(const article::TakeDown& fact) { return article::TakeDownKey(fact.article_id); }
inline std::string ArticleOfFact(const article::Article& fact) { return fact.id; }
template <class Fact>
std::string ArticleOfFact(const Fact& fact) {
  return fact.article_id;
}

class StoreWorld {
 public:
  StoreWorld() {
    EXPECT_OK(bus_.CreateMissingTopics(bus::Topics(kShards, 1)));
    for (int i = 0; i < kShards; ++i) {
      states_.push_back(std::make_unique<support::MemoryStore>(faults_));
    }
    OpenIndexes();
  }

  // `offset` in kawat.parsed is the fact's version; by default each is newer than those before.
  template <class Fact>
  void Send(const Fact& fact, std::int64_t offset = -1) {
    const article::ArticleEvent event{.version = {1, offset >= 0 ? offset : ++parsed_, 0}, .fact = fact};
    bus_.Append({.topic = std::string(bus::kArticles),
                 .partition = bus::PartitionOf(ArticleOfFact(fact), kShards),
                 .key = KeyOf(fact),
                 .value = article::Encode(event)});
  }
  void SendOriginal(const article::Article& article) {
    Send(article);
    Send(article::Membership{article.id, 1, article.id, article::Relation::kOriginal, ""});
  }
  void SendSource(const article::Source& source) {
    bus_.Append(
        {.topic = std::string(bus::kSources), .partition = 0, .key = source.id, .value = article::Encode(source)});
  }
  void RemoveSource(const std::string& id) {
    bus_.Append({.topic = std::string(bus::kSources), .partition = 0, .key = id});
  }

  std::filesystem::path IndexPath(int shard) const { return folder_.path() / absl::StrCat(shard, ".sqlite"); }
  void OpenIndexes() {
    indexes_.clear();
    for (int i = 0; i < kShards; ++i) {
      auto index = OpenFts5Index(IndexPath(i));
      EXPECT_OK(index);
      indexes_.push_back(*std::move(index));
    }
  }
  void LoseIndexes() {
    indexes_.clear();
    for (int i = 0; i < kShards; ++i) {
      std::filesystem::remove(IndexPath(i));
    }
    OpenIndexes();
  }

  // A store's life: until all is read, or a fault. `index` false: it dies before the index follows.
  absl::Status Run(bool index = true) {
    for (int i = 0; i < kShards; ++i) {
      Indexer indexer(*states_[i], *indexes_[i], nullptr);
      if (index) {
        KAWAT_RETURN_IF_ERROR(indexer.CatchUp());
      }
      StoreStage stage([&] { return index ? indexer.CatchUp() : absl::OkStatus(); });
      KAWAT_ASSIGN_OR_RETURN(
          const auto runner,
          pipeline::StageRunner::Create({.stage = "store",
                                         .owner = absl::StrCat("store/", i),
                                         .inputs = {{std::string(bus::kArticles), i}, {std::string(bus::kSources), 0}},
                                         .limits = {.max_records = 2, .patience = absl::ZeroDuration()}},
                                        stage, bus_, states_[i].get(), nullptr, nullptr));
      absl::StatusOr<bool> more = true;
      while (more.ok() && *more) {
        more = runner->Step();
      }
      KAWAT_RETURN_IF_ERROR(more.status());
    }
    return absl::OkStatus();
  }

  // Of `nodes` nodes, each with its part of the shards.
  Library library(int nodes = 1) {
    std::vector<const Node*> all;
    for (int node = 0; node < nodes; ++node) {
      std::vector<Shard> shards;
      for (int i = node; i < kShards; i += nodes) {
        shards.push_back({.number = i, .state = states_[i].get(), .index = indexes_[i].get()});
      }
      nodes_.push_back(std::make_unique<LocalNode>(std::move(shards), kShards));
      all.push_back(nodes_.back().get());
    }
    return {std::move(all), kShards, *states_.front(), clock_};
  }

  support::FakeClock clock_;
  std::shared_ptr<support::Faults> faults_ = std::make_shared<support::Faults>();
  support::MemoryBus bus_{clock_, faults_};
  support::TempFolder folder_;
  std::vector<std::unique_ptr<support::MemoryStore>> states_;
  std::vector<std::unique_ptr<SearchIndex>> indexes_;
  std::vector<std::unique_ptr<LocalNode>> nodes_;
  std::int64_t parsed_ = 0;
};

inline std::vector<std::string> NamesOf(const absl::StatusOr<Page>& page) {
  EXPECT_OK(page);
  std::vector<std::string> names;
  for (const FoundArticle& found : page.value_or(Page()).articles) {
    names.push_back(found.article.source_id);
  }
  return names;
}

}  // namespace kawat::store
