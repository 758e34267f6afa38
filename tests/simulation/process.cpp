#include "tests/simulation/process.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "bus/topics.h"
#include "services/dedupe/adoption.h"
#include "services/dedupe/stage.h"
#include "services/fetch/driver.h"
#include "services/fetch/frontier.h"
#include "services/parse/stage.h"
#include "services/store/indexer.h"
#include "services/store/stage.h"

namespace kawat::simulation {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"fetch", "parse", "dedupe", "store"};

// Small, so that a crash has something to tear apart.
constexpr std::size_t kBatch = 20;

}  // namespace

std::string_view Name(Service service) { return kNames.at(static_cast<std::size_t>(service)); }

// What lives as long as the process does, in the order of use.
struct Process::Parts {
  std::unique_ptr<ProcessBus> bus;
  std::unique_ptr<state::Store> planted_store;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<fetch::HttpClient> client;
  std::unique_ptr<fetch::Frontier> frontier;
  std::unique_ptr<fetch::Driver> driver;
  std::unique_ptr<store::Indexer> indexer;
  std::unique_ptr<pipeline::Stage> stage;
  std::unique_ptr<pipeline::Stage> planted_stage;
  std::unique_ptr<pipeline::StageRunner> runner;
};

Process::Process(const Cluster& cluster, Service service, int number, Shard disk)
    : cluster_(cluster), service_(service), number_(number), wall_(cluster.clock), unset_(cluster.clock) {
  SetDisk(std::move(disk));
}

Process::~Process() { Kill(); }

std::string Process::name() const { return absl::StrCat(std::string(Name(service_)), "/", number_); }

std::vector<bus::TopicPartition> Process::inputs() const {
  switch (service_) {
    case Service::kFetch:
      return {{std::string(bus::kSources), 0}, {std::string(bus::kLinks), number_}};
    case Service::kParse:
      return {};
    case Service::kDedupe:
      return {{std::string(bus::kParsed), 0}};
    case Service::kStore:
      return {{std::string(bus::kArticles), number_}, {std::string(bus::kSources), 0}};
  }
  return {};
}

Shard Process::CopyDisk() const { return {.state = store_->Dump(), .index = index_, .journal = journal_}; }

void Process::SetDisk(Shard disk) {
  store_ = std::make_unique<support::MemoryStore>(faults_, std::move(disk.state));
  index_ = std::move(disk.index);
  journal_ = std::move(disk.journal);
}

absl::Status Process::Start() {
  unset_.offset = wall_.offset;
  ++starts_;
  auto parts = std::make_unique<Parts>();
  parts->bus =
      std::make_unique<ProcessBus>(cluster_.log, cluster_.clock,
                                   ProcessBus::Options{.service = std::string(Name(service_)),
                                                       .bug = cluster_.bug,
                                                       .faults = faults_,
                                                       .outage = &cluster_.outage,
                                                       .own_clock = &wall_,
                                                       .while_waiting = [this] { cluster_.while_waiting(*this); },
                                                       .dies_waiting = cluster_.dies_waiting});
  switch (service_) {
    case Service::kFetch:
      KAWAT_RETURN_IF_ERROR(StartFetch(*parts));
      break;
    case Service::kParse:
      parts->stage = std::make_unique<parse::ParseStage>();
      KAWAT_RETURN_IF_ERROR(MakeRunner(*parts, *parts->stage, nullptr, nullptr));
      break;
    case Service::kDedupe:
      KAWAT_RETURN_IF_ERROR(StartDedupe(*parts));
      break;
    case Service::kStore:
      KAWAT_RETURN_IF_ERROR(StartStore(*parts));
      break;
  }
  parts_ = std::move(parts);
  return absl::OkStatus();
}

absl::Status Process::StartFetch(Parts& parts) {
  parts.journal = std::make_unique<Journal>(*store_, *faults_, journal_);
  parts.client = Plant(cluster_.bug, cluster_.web.NewClient());
  const fetch::FrontierOptions options{.partition = number_, .partitions = kPartitions, .owner = owner};
  const absl::Time start = cluster_.bug == Bug::kDelaysForgotten ? absl::InfinitePast() : unset_.Now();
  KAWAT_ASSIGN_OR_RETURN(parts.frontier, fetch::Frontier::Load(options, *store_, start));
  parts.driver = std::make_unique<fetch::Driver>(*parts.frontier, *parts.client, unset_, *parts.bus,
                                                 pipeline::GroupOf("parse"), &wall_);
  parts.stage = std::make_unique<Journalled>(*parts.frontier, *parts.journal);
  return MakeRunner(parts, *parts.stage, parts.journal.get(), parts.driver.get());
}

// Where dedupe refuses to begin, an operator rebuilds it.
absl::Status Process::StartDedupe(Parts& parts) {
  const bool articles_is_empty = cluster_.log.Records(bus::kArticles).empty();
  if (const absl::Status begun = dedupe::BeginOrRefuse(*store_, articles_is_empty); absl::IsFailedPrecondition(begun)) {
    adopted_ = true;
    KAWAT_RETURN_IF_ERROR(dedupe::Adopt(*parts.bus, *store_, {}, {}).status());
  } else if (!begun.ok()) {
    return begun;
  }
  parts.stage = std::make_unique<dedupe::DedupeStage>();
  return MakeRunner(parts, *parts.stage, store_.get(), nullptr);
}

absl::Status Process::StartStore(Parts& parts) {
  parts.indexer = std::make_unique<store::Indexer>(*store_, index_, nullptr);
  KAWAT_RETURN_IF_ERROR(parts.indexer->CatchUp());
  parts.stage = std::make_unique<store::StoreStage>([indexer = parts.indexer.get()] { return indexer->CatchUp(); });
  return MakeRunner(parts, *parts.stage, store_.get(), nullptr);
}

absl::Status Process::MakeRunner(Parts& parts, pipeline::Stage& stage, state::Store* store,
                                 pipeline::LocalInput* local) {
  pipeline::StageRunnerOptions options{.stage = std::string(Name(service_)), .owner = name(), .inputs = inputs()};
  options.limits = {.max_records = kBatch, .patience = absl::ZeroDuration()};
  if (service_ == Service::kParse) {
    options.subscriptions = {std::string(bus::kPages)};
  }
  parts.planted_stage = Plant(cluster_.bug, Name(service_), stage, cluster_.clock, starts_);
  if (store != nullptr) {
    parts.planted_store = Plant(cluster_.bug, *store);
  }
  KAWAT_ASSIGN_OR_RETURN(
      parts.runner, pipeline::StageRunner::Create(
                        std::move(options), parts.planted_stage != nullptr ? *parts.planted_stage : stage, *parts.bus,
                        parts.planted_store != nullptr ? parts.planted_store.get() : store, local, nullptr));
  return absl::OkStatus();
}

void Process::Kill() { parts_.reset(); }

absl::StatusOr<bool> Process::Step() { return parts_ == nullptr ? false : parts_->runner->Step(); }

void Process::EndSession() {
  if (parts_ != nullptr) {
    parts_->bus->EndSession();
  }
}

absl::Time Process::NextTime() const {
  if (parts_ == nullptr || parts_->frontier == nullptr) {
    return absl::InfiniteFuture();
  }
  const absl::Time next = parts_->frontier->schedule().NextTime();
  return next == absl::InfiniteFuture() ? next : next - unset_.offset;
}

}  // namespace kawat::simulation
