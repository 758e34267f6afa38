// A log of parsed articles, and a dedupe that reads it.
#pragma once

#include <gtest/gtest.h>

#include <climits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "bus/topics.h"
#include "pipeline/stage_runner.h"
#include "services/dedupe/stage.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
#include "tests/support/memory_store.h"
#include "tests/support/status.h"

namespace kawat::dedupe {

inline std::string BodyOf(std::string_view subject) {
  std::string body;
  for (int i = 0; i < 30; ++i) {
    absl::StrAppend(&body, i == 0 ? "" : " ", std::string(subject), i);
  }
  return body;
}

inline article::Article Article(std::string name, std::int64_t seq, std::string_view subject) {
  const std::string url = absl::StrCat("https://", name, ".example/news");
  return {.id = article::ArticleId(url),
          .url = url,
          .canonical_url = url,
          .source_id = name,
          .title = "Title",
          .body = BodyOf(subject),
          .observed_time = absl::FromUnixMillis(seq),
          .seq = seq,
          .extractor_version = 1};
}

inline std::string IdOf(const std::string& name) { return Article(name, 1, "").id; }

// A log and a state that outlive dedupe.
class World {
 public:
  explicit World(WindowLimits limits = {}) : limits_(limits) { EXPECT_OK(bus_.CreateMissingTopics(bus::Topics(4, 1))); }

  void Send(const article::ParsedRecord& record) {
    const auto* article = std::get_if<article::Article>(&record);
    bus_.Append({.topic = std::string(bus::kParsed),
                 .partition = 0,
                 .key = article != nullptr ? article->id : std::get<article::TakeDown>(record).article_id,
                 .value = article::Encode(record)});
  }

  // A dedupe's life: until nothing is left to do, or so many batches of two records, or a fault.
  absl::Status Run(int batches = INT_MAX) {
    DedupeStage stage(limits_);
    auto runner = pipeline::StageRunner::Create({.stage = "dedupe",
                                                 .owner = "dedupe/0",
                                                 .inputs = {{std::string(bus::kParsed), 0}},
                                                 .limits = {.max_records = 2, .patience = absl::ZeroDuration()}},
                                                stage, bus_, &store_, nullptr, nullptr);
    absl::Status status = runner.status();
    for (bool more = true; status.ok() && more && batches > 0; --batches) {
      const absl::StatusOr<bool> step = (*runner)->Step();
      status = step.status();
      more = step.ok() && *step;
    }
    return status;
  }

  std::map<std::string, bus::Record> Facts() const { return bus_.NewestByKey(bus::kArticles); }
  std::vector<std::string> Keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, record] : Facts()) {
      keys.push_back(record.value.has_value() ? key : absl::StrCat(key, " null"));
    }
    return keys;
  }
  template <class Fact>
  Fact Get(const std::string& key) const {
    const auto facts = Facts();
    const auto at = facts.find(key);
    if (at == facts.end()) {
      ADD_FAILURE() << "no " << key;
      return {};
    }
    return std::get<Fact>(article::DecodeArticleEvent(*at->second.value)->fact);
  }
  article::Membership MembershipOf(const std::string& name, int number) const {
    return Get<article::Membership>(article::MembershipKey(IdOf(name), number));
  }

  support::FakeClock clock_;
  std::shared_ptr<support::Faults> faults_ = std::make_shared<support::Faults>();
  support::MemoryBus bus_{clock_, faults_};
  support::MemoryStore store_{faults_};
  WindowLimits limits_;
};

}  // namespace kawat::dedupe
