#include "tests/simulation/world.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "article/codec.h"
#include "base/check.h"
#include "base/hash.h"
#include "bus/topics.h"
#include "tests/simulation/invariants.h"

namespace kawat::simulation {
namespace {

constexpr absl::Duration kQuiet = absl::Seconds(25);      // after the last fault: two polls of each feed
constexpr absl::Duration kPatience = absl::Seconds(300);  // and then
constexpr absl::Duration kTick = absl::Milliseconds(50);
constexpr int kOthersWhileWaiting = 15;  // percent
constexpr int kMostTurns = 100'000;      // in one moment: then something works for ever

}  // namespace

World::World(const Options& options, std::vector<Fault> plan)
    : options_(options),
      plan_(std::move(plan)),
      web_(options.seed, options.size, clock_),
      random_(options.seed),
      cluster_{.clock = clock_, .log = log_, .web = web_, .outage = outage_, .bug = options.bug},
      begin_(clock_.Now()) {
  cluster_.while_waiting = [this](const Process& waits) {
    Process& other = At(random_.Below(static_cast<int>(processes_.size())));
    if (!waiting_ && &other != &waits && random_.Chance(kOthersWhileWaiting)) {
      waiting_ = true;
      bool worked = false;
      StepOne(other, worked);
      waiting_ = false;
    }
  };
  cluster_.dies_waiting = [this] { return random_.Chance(30); };
}

const std::vector<bus::Record>& World::History(std::string_view topic) const {
  static const std::vector<bus::Record> kNone;
  const auto found = history_.find(topic);
  return found == history_.end() ? kNone : found->second;
}

void World::Note(std::string_view what, std::string_view detail) {
  const std::string line =
      absl::StrCat(absl::FormatDuration(clock_.Now() - begin_), " ", std::string(what), " ", std::string(detail));
  result.fingerprint = base::XxHash64(absl::StrCat(result.fingerprint, line));
  if (options_.trace) {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
}

void World::Begin() {
  KAWAT_CHECK(log_.CreateMissingTopics(bus::Topics(kPartitions, 1)).ok(), "topics");
  log_.OnAppend([this](const bus::Record& record) {
    if (!recording_) {
      return;
    }
    Note("append", absl::StrCat(record.topic, "/", record.partition, "/", record.offset, " ", record.key));
    history_[record.topic].push_back(record);
  });
  web_.OnAnswer([this](const Asked& asked) { Note("answer", absl::StrCat(asked.status, " ", asked.url)); });
  for (const Host& host : web_.hosts()) {
    log_.Append({.topic = std::string(bus::kSources),
                 .partition = 0,
                 .key = host.source.id,
                 .value = article::Encode(host.source)});
  }
  for (int i = 0; i < kPartitions; ++i) {
    for (const Service service : {Service::kFetch, Service::kParse, Service::kStore}) {
      processes_.push_back(std::make_unique<Process>(cluster_, service, i));
    }
  }
  processes_.push_back(std::make_unique<Process>(cluster_, Service::kDedupe, 0));
  for (const auto& process : processes_) {
    starts_[process.get()] = begin_;
  }
  const auto& articles = random_.OneOf(web_.hosts()).articles;
  Later(absl::Seconds(30), [this, url = random_.OneOf(articles).url] {
    taken_down_.push_back(article::ArticleId(url));
    log_.Append({.topic = std::string(bus::kParsed),
                 .partition = 0,
                 .key = taken_down_.back(),
                 .value = article::Encode(article::ParsedRecord(article::TakeDown{.article_id = taken_down_.back()}))});
  });
}

bool World::Calm() const {
  return next_fault_ == plan_.size() && later_.empty() && starts_.empty() && slow_.empty() && zombies_.empty();
}

void World::Run() {
  Begin();
  absl::Time calm_since = absl::InfiniteFuture();
  while (result.violations.empty()) {
    Turn();
    calm_since =
        Calm() && clock_.Now() >= web_.last_change() ? std::min(calm_since, clock_.Now()) : absl::InfiniteFuture();
    if (calm_since != absl::InfiniteFuture() && clock_.Now() - calm_since >= kQuiet) {
      if (IsDrained(*this) || clock_.Now() - calm_since >= kPatience) {
        break;
      }
    }
    Advance();
  }
  result.simulated = clock_.Now() - begin_;
  result.articles = static_cast<std::int64_t>(History(bus::kArticles).size());
  result.pages = static_cast<std::int64_t>(History(bus::kPages).size());
}

void World::Turn() {
  for (; next_fault_ < plan_.size() && begin_ + plan_[next_fault_].at <= clock_.Now(); ++next_fault_) {
    Inject(plan_[next_fault_]);
  }
  while (!later_.empty() && later_.begin()->first <= clock_.Now()) {
    const auto what = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    what();
  }
  std::erase_if(slow_, [this](const auto& entry) { return entry.second <= clock_.Now(); });
  StartDue();
  StepAll();
}

void World::StartDue() {
  for (const auto& process : processes_) {
    const auto at = starts_.find(process.get());
    if (at == starts_.end() || at->second > clock_.Now()) {
      continue;
    }
    starts_.erase(at);
    Note("start", process->name());
    if (const absl::Status started = process->Start(); !started.ok()) {
      Die(*process, started);
    }
    dedupe_adopted_ = dedupe_adopted_ || process->adopted();
  }
}

void World::StepAll() {
  std::vector<Process*> order;
  for (const auto* list : {&processes_, &zombies_}) {
    for (const auto& process : *list) {
      order.push_back(process.get());
    }
  }
  bool worked = true;
  for (int turns = 0; worked; ++turns) {
    KAWAT_CHECK(turns < kMostTurns, "the cluster works for ever");
    worked = web_.Deliver();
    random_.Shuffle(order);
    for (Process* process : order) {
      StepOne(*process, worked);
    }
  }
}

void World::StepOne(Process& process, bool& worked) {
  if (!process.running() || slow_.contains(&process)) {
    return;
  }
  const absl::StatusOr<bool> turned = process.Step();
  if (!turned.ok()) {
    Die(process, turned.status());
  } else if (*turned) {
    worked = true;
  }
}

void World::Die(Process& process, const absl::Status& why) {
  if (const auto armed = armed_.find(&process); armed != armed_.end()) {
    if (process.faults().fired() > 0) {
      Count(armed->second.kind);
    }
    armed_.erase(armed);
  }
  Note("dies", absl::StrCat(process.name(), " ", why.ToString()));
  process.Kill();
  process.faults().Forget();
  if (losing_.erase(&process) > 0) {
    process.SetDisk({});
  }
  ++result.deaths;
  if (std::any_of(zombies_.begin(), zombies_.end(), [&](const auto& each) { return each.get() == &process; })) {
    return;
  }
  if (absl::IsFailedPrecondition(why) || absl::IsDataLoss(why)) {
    result.violations.push_back(absl::StrCat(process.name(), " ended for good: ", why.ToString()));
    return;
  }
  starts_[&process] = clock_.Now() + random_.Between(absl::Milliseconds(500), absl::Seconds(2));
}

void World::Advance() {
  absl::Time next = std::min(web_.NextAnswer(), begin_ + absl::Hours(24));
  if (next_fault_ < plan_.size()) {
    next = std::min(next, begin_ + plan_[next_fault_].at);
  }
  if (!later_.empty()) {
    next = std::min(next, later_.begin()->first);
  }
  if (outage_.Covers(clock_.Now())) {
    next = std::min(next, outage_.to);
  }
  for (const auto* times : {&starts_, &slow_}) {
    for (const auto& [process, time] : *times) {
      next = std::min(next, time);
    }
  }
  for (const auto* list : {&processes_, &zombies_}) {
    for (const auto& process : *list) {
      next = std::min(next, process->NextTime());
    }
  }
  clock_.Advance(next > clock_.Now() ? next - clock_.Now() : kTick);
}

}  // namespace kawat::simulation
