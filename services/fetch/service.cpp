#include "services/fetch/service.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/files.h"
#include "base/status.h"
#include "bus/topics.h"
#include "runtime/instances.h"
#include "runtime/stage_host.h"
#include "services/fetch/admin.h"
#include "services/fetch/dead_letters.h"
#include "services/fetch/driver.h"
#include "services/fetch/frontier.h"
#include "services/fetch/grpc_dead_letters.h"
#include "services/fetch/grpc_handler.h"
#include "services/fetch/http/curl_client.h"
#include "state/rocksdb/rocksdb_store.h"
#include "telemetry/label_cap.h"
#include "telemetry/log.h"

namespace kawat::fetch {
namespace {

constexpr std::size_t kMaxSourceSeries = 200;
constexpr std::size_t kMaxRobotsRulesBytes = 64 << 20;            // of all shards of this process
constexpr int kMaxResponseBytes = 8 << 20;                        // a dead letter is whole
constexpr absl::Duration kPollPatience = absl::Milliseconds(10);  // short: answers of sites wait for the poll's end

// Declared in the order of use: what is used is destroyed after who uses it.
struct Shard {
  std::int32_t partition = 0;
  std::filesystem::path folder;
  std::unique_ptr<state::Store> store;
  std::unique_ptr<Frontier> frontier;
  std::unique_ptr<Driver> driver;
};

class FetchService final : public Service {
 public:
  FetchService(const Config& config, bus::Bus& bus, base::Clock& clock, telemetry::Registry& registry)
      : config_(config),
        bus_(bus),
        clock_(clock),
        registry_(registry),
        dead_letters_(bus, clock),
        host_("fetch", bus, registry) {}

  absl::Status Open();
  std::string grpc_address() const override { return host_.grpc_address(); }
  std::string metrics_address() const override { return host_.metrics_address(); }
  absl::Status Run(base::Shutdown& shutdown) override;
  absl::Status ReloadSources(const Config& config, base::Shutdown& shutdown) override {
    return admin_->Announce(config.sources, shutdown);
  }

 private:
  absl::Status OpenShard(std::int32_t partition);
  telemetry::Counter Outcomes(article::OutcomeKind kind);
  void Count(article::OutcomeKind kind, std::string_view source_id);
  void ObserveDriver(Shard& shard);

  const Config config_;
  bus::Bus& bus_;
  base::Clock& clock_;
  telemetry::Registry& registry_;
  std::int32_t partitions_ = 0;
  telemetry::LabelCap sources_{kMaxSourceSeries};
  std::unique_ptr<HttpClient> client_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<GrpcHandler> handler_;
  DeadLetters dead_letters_;
  std::unique_ptr<GrpcDeadLetters> dead_letters_handler_;
  runtime::StageHost host_;
};

absl::Status FetchService::Open() {
  KAWAT_ASSIGN_OR_RETURN(partitions_, bus_.PartitionCount(bus::kLinks));
  KAWAT_RETURN_IF_ERROR(runtime::CheckShards("fetch", std::filesystem::path(config_.data) / "fetch", config_.instance,
                                             config_.instances, partitions_));
  KAWAT_ASSIGN_OR_RETURN(AddressPolicy addresses, AddressPolicy::Create(config_.allow_networks));
  KAWAT_ASSIGN_OR_RETURN(
      client_,
      NewCurlClient({.user_agent = config_.user_agent, .addresses = std::move(addresses), .resolve = config_.resolve}));
  std::vector<Admin::Shard> views;
  for (std::int32_t partition = config_.instance; partition < partitions_; partition += config_.instances) {
    KAWAT_RETURN_IF_ERROR(OpenShard(partition));
    views.push_back({.partition = partition, .store = shards_.back()->store.get()});
  }
  KAWAT_ASSIGN_OR_RETURN(admin_, Admin::Create(std::move(views), partitions_, config_.limits, bus_, clock_));
  admin_->OnSent([this](const bus::Record& record) { host_.CountSent(record.topic, 1, bus::SizeBytes(record)); });
  for (int kind = static_cast<int>(article::OutcomeKind::kArticle);
       kind <= static_cast<int>(article::OutcomeKind::kDisallowed); ++kind) {
    Outcomes(static_cast<article::OutcomeKind>(kind));
  }
  const rpc::TokenGuard guard(config_.token_file);
  handler_ = GrpcHandler::New(*admin_, config_.peers, guard, clock_);
  dead_letters_handler_ = GrpcDeadLetters::New(dead_letters_, guard);
  dead_letters_.OnSent([this](const bus::Record& record) { host_.CountSent(record.topic, 1, bus::SizeBytes(record)); });
  return host_.Listen({.data = config_.data,
                       .metrics = config_.metrics,
                       .grpc = {.address = config_.grpc, .max_response_bytes = kMaxResponseBytes},
                       .token_file = config_.token_file},
                      {&handler_->service(), &dead_letters_handler_->service()});
}

absl::Status FetchService::OpenShard(std::int32_t partition) {
  auto shard = std::make_unique<Shard>();
  shard->partition = partition;
  shard->folder = std::filesystem::path(config_.data) / "fetch" / absl::StrFormat("%02d", partition);
  KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(shard->folder.parent_path()));
  KAWAT_ASSIGN_OR_RETURN(shard->store, state::OpenRocksDb(shard->folder));
  FrontierOptions options{.partition = partition,
                          .partitions = partitions_,
                          .owner = config_.owner,
                          .limits = config_.limits,
                          .timeout = config_.timeout,
                          .max_body_bytes = static_cast<std::size_t>(config_.max_body_bytes),
                          .links_per_host_per_day = config_.links_per_host_per_day};
  options.max_robots_bytes = kMaxRobotsRulesBytes / std::max(partitions_ / config_.instances, 1);
  options.on_outcome = [this](article::OutcomeKind kind, std::string_view source) { Count(kind, source); };
  KAWAT_ASSIGN_OR_RETURN(shard->frontier, Frontier::Load(std::move(options), *shard->store, base::UnsetClock().Now()));
  shard->driver = std::make_unique<Driver>(*shard->frontier, *client_, base::UnsetClock(), bus_,
                                           pipeline::GroupOf("parse"), &clock_);
  ObserveDriver(*shard);
  shards_.push_back(std::move(shard));
  const Shard& added = *shards_.back();
  host_.OfferBackups({.name = {.service = "fetch", .number = partition}, .store = added.store.get()});
  return host_.Add({.owner = absl::StrCat("fetch/", partition),
                    .inputs = {{std::string(bus::kSources), 0}, {std::string(bus::kLinks), partition}},
                    .limits = {.patience = kPollPatience},
                    .marker_path = absl::StrCat(added.folder.string(), ".marker")},
                   *added.frontier, added.store.get(), added.driver.get());
}

telemetry::Counter FetchService::Outcomes(article::OutcomeKind kind) {
  return registry_.GetCounter("kawat_page_outcomes_total", "How requests and pages ended.",
                              {{"outcome", std::string(article::Name(kind))}});
}

void FetchService::Count(article::OutcomeKind kind, std::string_view source_id) {
  if (kind != article::OutcomeKind::kNone) {
    Outcomes(kind).Add();
    registry_
        .GetCounter("kawat_source_outcomes_total", "How the URLs of a source ended.",
                    {{"source", sources_.Of(source_id)}, {"outcome", std::string(article::Name(kind))}})
        .Add();
  }
}

void FetchService::ObserveDriver(Shard& shard) {
  const telemetry::Labels labels = {{"partition", absl::StrCat(shard.partition)}};
  shard.driver->Observe(
      [started = registry_.GetCounter("kawat_fetch_requests_total", "Requests started.", labels),
       held_back = registry_.GetCounter(
           "kawat_fetch_held_back_total",
           "Turns in which nothing was started since the bus was silent or pages are backed up.", labels),
       waiting = registry_.GetGauge("kawat_fetch_waiting_urls", "URLs that are to be asked, now or later.", labels),
       busy = registry_.GetGauge("kawat_fetch_busy_hosts", "Hosts that are being asked.", labels),
       hosts = registry_.GetGauge("kawat_fetch_hosts", "Hosts that are known.", labels)](const Driver::Report& report) {
        started.Add(static_cast<double>(report.started));
        held_back.Add(static_cast<double>(report.held_back));
        waiting.Set(static_cast<double>(report.waiting));
        busy.Set(static_cast<double>(report.busy));
        hosts.Set(static_cast<double>(report.hosts));
      });
}

absl::Status FetchService::Run(base::Shutdown& shutdown) {
  if (absl::Status announced = admin_->Announce(config_.sources, shutdown); announced.ok()) {
    telemetry::Info("fetch runs", {{"shards", shards_.size()}, {"sources", config_.sources.size()}});
  } else if (!absl::IsCancelled(announced)) {
    return announced;
  }
  return host_.Run(shutdown);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry) {
  auto service = std::make_unique<FetchService>(config, bus, clock, registry);
  KAWAT_RETURN_IF_ERROR(service->Open());
  return service;
}

}  // namespace kawat::fetch
