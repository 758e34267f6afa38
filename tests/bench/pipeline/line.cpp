#include "tests/bench/pipeline/line.h"

#include <sys/resource.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "article/codec.h"
#include "base/check.h"
#include "pipeline/stage_runner.h"
#include "services/dedupe/stage.h"
#include "services/parse/stage.h"
#include "services/store/fts5_index.h"
#include "services/store/indexer.h"
#include "services/store/stage.h"
#include "state/rocksdb/rocksdb_store.h"
#include "tests/bench/pipeline/loose_runner.h"

namespace kawat::bench {
namespace {

constexpr int kParseThreads = 2;  // parse.threads' default

void Check(const absl::Status& status) { KAWAT_CHECK(status.ok(), status.ToString().c_str()); }

std::string MakeText(std::mt19937& random, std::size_t bytes) {
  constexpr std::array<const char*, 16> kSyllables = {"ka", "wat", "be", "ri", "ta", "ko", "ran", "su",
                                                      "ra", "me",  "di", "a",  "pa", "gi", "ma",  "lam"};
  std::string text;
  int words = 0;
  while (text.size() < bytes) {
    for (unsigned syllables = 1 + random() % 4; syllables > 0; --syllables) {
      text += kSyllables[random() % kSyllables.size()];
    }
    text += ++words % 60 == 0 ? ".\n" : " ";
  }
  return text;
}

std::string AsHtml(const article::Article& article) {
  std::string html =
      absl::StrCat("<!doctype html><html lang=\"id\"><head><title>", article.title,
                   "</title><meta property=\"og:type\" content=\"article\"><link rel=\"canonical\" href=\"",
                   article.url, "\"></head><body><nav>");
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&html, "<a href=\"/section/", i, "\">Section ", i, "</a>");
  }
  absl::StrAppend(&html, "</nav><article><h1>", article.title, "</h1><p>");
  for (const char c : article.body) {
    c == '\n' ? absl::StrAppend(&html, "</p>\n<p>") : html.push_back(c);
  }
  return absl::StrCat(html, "</p></article></body></html>");
}

bus::Record AsRecord(const article::Article& article, Input input) {
  bus::Record record;
  if (input == Input::kParsed) {
    record.topic = bus::kParsed;
    record.key = article.id;
    record.value = article::Encode(article::ParsedRecord(article));
    return record;
  }
  record.topic = bus::kPages;
  record.key = article.source_id;
  record.value = article::Encode(article::Page{.url = article.url,
                                               .status = 200,
                                               .headers = {{"content-type", "text/html; charset=utf-8"}},
                                               .seq = article.seq,
                                               .fetched_time = article.observed_time,
                                               .source_id = article.source_id,
                                               .kind = article::LinkKind::kEntry,
                                               .body = AsHtml(article)});
  return record;
}

absl::Duration Cpu() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

// A stage that says when it began.
class Timed final : public pipeline::Stage {
 public:
  explicit Timed(pipeline::Stage& real) : real_(real) {}

  absl::Status Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) override {
    std::call_once(once_, [this] {
      began = absl::Now();
      cpu_before = Cpu();
    });
    return real_.Apply(in, state, out);
  }
  absl::Status Committed() override { return real_.Committed(); }

  absl::Time began;
  absl::Duration cpu_before;

 private:
  pipeline::Stage& real_;
  std::once_flag once_;
};

class Line {
 public:
  Line(bus::Bus& bus, std::filesystem::path folder, int count, bool exact)
      : bus_(bus), folder_(std::move(folder)), count_(count), exact_(exact) {}

  // `store` null: parse.
  void Start(const std::string& name, int number, std::vector<bus::TopicPartition> inputs, pipeline::Stage& stage,
             state::Store* store) {
    if (!exact_) {
      loose_.push_back(std::make_unique<LooseRunner>(bus_, pipeline::GroupOf(name), inputs, stage, store,
                                                     store == nullptr ? kParseThreads : 1));
      threads_.emplace_back([runner = loose_.back().get()] { runner->Run(); });
      return;
    }
    pipeline::StageRunnerOptions options{.stage = name, .owner = absl::StrCat(name, "/", number)};
    options.marker_path = (folder_ / absl::StrCat(name, number, ".marker")).string();
    if (store == nullptr) {
      options.subscriptions = {inputs[0].topic};
      options.threads = kParseThreads;
    } else {
      options.inputs = std::move(inputs);
    }
    observers_.push_back(std::make_unique<Observer>(name));
    exactly_.push_back(*pipeline::StageRunner::Create(options, stage, bus_, store, nullptr, observers_.back().get()));
    threads_.emplace_back([runner = exactly_.back().get()] { Check(runner->Run()); });
  }

  state::Store& OpenState(const std::string& name) {
    stores_.push_back(*state::OpenRocksDb(folder_ / name, {.sync = exact_}));
    return *stores_.back();
  }

  absl::Time WaitForAll() {
    std::unique_lock lock(mutex_);
    const bool all = done_.wait_for(lock, std::chrono::minutes(2), [this] { return searchable_ == count_; });
    KAWAT_CHECK(all, absl::StrCat("only ", searchable_, " articles are searchable").c_str());
    return absl::Now();
  }
  void NoteSearchable() {
    const std::lock_guard lock(mutex_);
    if (++searchable_ == count_) {
      done_.notify_all();
    }
  }

  std::map<std::string, Shares> Stop() {
    for (const auto& runner : loose_) {
      runner->Stop();
    }
    for (const auto& runner : exactly_) {
      runner->Stop();
    }
    for (std::thread& thread : threads_) {
      thread.join();
    }
    std::map<std::string, Shares> all;
    for (const auto& observer : observers_) {
      Shares& sum = all[observer->stage];
      sum.batches += observer->shares.batches;
      sum.apply += observer->shares.apply;
      sum.send += observer->shares.send;
      sum.commit += observer->shares.commit;
    }
    return all;
  }

 private:
  struct Observer final : pipeline::StageObserver {
    explicit Observer(std::string name) : stage(std::move(name)) {}
    void OnBatch(const pipeline::BatchReport& report) override {
      ++shares.batches;
      shares.apply += report.apply;
      shares.send += report.send;
      shares.commit += report.commit;
    }
    void OnDeadLetter(article::Reason /*reason*/, const bus::Origin& /*origin*/, std::string_view detail) override {
      KAWAT_CHECK(false, std::string(detail).c_str());
    }
    void OnLag(const std::string& /*owner*/, const bus::TopicPartition& /*partition*/, std::int64_t /*records*/,
               absl::Time /*since*/) override {}
    std::string stage;
    Shares shares;
  };

  bus::Bus& bus_;
  std::filesystem::path folder_;
  int count_;
  bool exact_;
  std::vector<std::unique_ptr<state::Store>> stores_;
  std::vector<std::unique_ptr<Observer>> observers_;
  std::vector<std::unique_ptr<pipeline::StageRunner>> exactly_;
  std::vector<std::unique_ptr<LooseRunner>> loose_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable done_;
  int searchable_ = 0;
};

struct StorePart {
  std::unique_ptr<store::SearchIndex> index;
  std::unique_ptr<store::Indexer> indexer;
  std::unique_ptr<store::StoreStage> stage;
};

}  // namespace

std::vector<bus::Record> MakeInput(Input input, int count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<bus::Record> records;
  for (int i = 0; i < count; ++i) {
    article::Article article;
    article.source_id = absl::StrCat("outlet", random() % 50);
    article.url = absl::StrCat("https://", article.source_id, ".example/news/2026/11/story-number-", i, "-of-the-day");
    article.canonical_url = article.url;
    article.id = article::ArticleId(article.url);
    article.title = MakeText(random, 60);
    article.title.pop_back();
    article.body = MakeText(random, 2'000 + random() % 18'000);
    article.body.pop_back();
    article.language = "id";
    article.seq = 1'790'000'000'000 + i;
    article.observed_time = absl::FromUnixMillis(article.seq);
    article.extractor_version = 1;
    records.push_back(AsRecord(article, input));
  }
  return records;
}

Result RunLine(bus::Bus& bus, const std::filesystem::path& folder, Input input, int count, bool exact) {
  std::array<StorePart, kPartitions> parts;  // outlive the line's threads
  parse::ParseStage parse;
  dedupe::DedupeStage dedupe;
  Timed first(input == Input::kPages ? static_cast<pipeline::Stage&>(parse) : dedupe);
  Line line(bus, folder, count, exact);
  for (int i = 0; i < kPartitions; ++i) {
    StorePart& part = parts[static_cast<std::size_t>(i)];
    state::Store& state = line.OpenState(absl::StrCat("store", i));
    part.index = *store::OpenFts5Index(folder / absl::StrCat("index", i, ".sqlite"));
    part.indexer = std::make_unique<store::Indexer>(state, *part.index,
                                                    [&line](const store::Document&) { line.NoteSearchable(); });
    part.stage = std::make_unique<store::StoreStage>([indexer = part.indexer.get()] { return indexer->CatchUp(); });
    line.Start("store", i, {{std::string(bus::kArticles), i}, {std::string(bus::kSources), 0}}, *part.stage, &state);
  }
  state::Store& decisions = line.OpenState("dedupe");
  const bool parsed = input == Input::kParsed;
  line.Start("dedupe", 0, {{std::string(bus::kParsed), 0}}, parsed ? static_cast<pipeline::Stage&>(first) : dedupe,
             &decisions);
  if (!parsed) {
    line.Start("parse", 0, {{std::string(bus::kPages), 0}}, first, nullptr);
  }
  const absl::Time end = line.WaitForAll();
  return {.cpu = Cpu() - first.cpu_before, .time = end - first.began, .shares = line.Stop()};
}

}  // namespace kawat::bench
