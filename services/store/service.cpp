#include "services/store/service.h"

#include <filesystem>
#include <map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "base/files.h"
#include "base/status.h"
#include "bus/topics.h"
#include "runtime/instances.h"
#include "runtime/stage_host.h"
#include "services/store/fts5_file.h"
#include "services/store/fts5_index.h"
#include "services/store/grpc_handler.h"
#include "services/store/grpc_peer_handler.h"
#include "services/store/grpc_peer_node.h"
#include "services/store/indexer.h"
#include "services/store/library.h"
#include "services/store/local_node.h"
#include "services/store/stage.h"
#include "state/rocksdb/rocksdb_store.h"
#include "telemetry/label_cap.h"

namespace kawat::store {
namespace {

constexpr std::size_t kMaxSourceSeries = 200;

// A shard's parts, in the order in which they use each other.
struct Part {
  std::filesystem::path folder;
  std::unique_ptr<state::Store> state;
  std::unique_ptr<SearchIndex> index;
  std::unique_ptr<Indexer> indexer;
  std::unique_ptr<StoreStage> stage;
};

// When the newest article of each source became searchable.
class NewestArticles {
 public:
  explicit NewestArticles(telemetry::Registry& registry) : registry_(registry) {}

  void Note(std::string_view source_id, absl::Time observed) {
    const std::string source = cap_.Of(source_id);
    const absl::MutexLock lock(&mutex_);
    absl::Time& newest = newest_.emplace(source, absl::InfinitePast()).first->second;
    if (observed > newest) {
      newest = observed;
      registry_
          .GetGauge(
              "kawat_source_newest_article_timestamp_seconds",
              "When the newest article of a source was observed, of those that became searchable since the start.",
              {{"source", source}})
          .Set(newest);
    }
  }

 private:
  telemetry::Registry& registry_;
  telemetry::LabelCap cap_{kMaxSourceSeries};
  absl::Mutex mutex_;
  std::map<std::string, absl::Time> newest_ ABSL_GUARDED_BY(mutex_);
};

class StoreService final : public Service {
 public:
  StoreService(bus::Bus& bus, base::Clock& clock, telemetry::Registry& registry)
      : bus_(bus),
        clock_(clock),
        registry_(registry),
        end_to_end_(registry.GetHistogram("kawat_end_to_end_seconds",
                                          "From the observation of an article to its being searchable.")),
        newest_(registry),
        host_("store", bus, registry) {}

  absl::Status Start(const Config& config) {
    KAWAT_ASSIGN_OR_RETURN(const std::int32_t count, bus_.PartitionCount(bus::kArticles));
    KAWAT_RETURN_IF_ERROR(runtime::CheckShards("store", std::filesystem::path(config.data) / "store", config.instance,
                                               config.instances, count));
    for (std::int32_t number = config.instance; number < count; number += config.instances) {
      KAWAT_RETURN_IF_ERROR(Open(number, config));
    }
    Join(config, count);
    std::vector<grpc::Service*> services = {&handler_->service()};
    if (peer_handler_ != nullptr) {
      services.push_back(&peer_handler_->service());
    }
    return host_.Listen({.data = config.data,
                         .metrics = config.metrics,
                         .grpc = {.address = config.grpc},
                         .token_file = config.token_file},
                        services);
  }

  std::string grpc_address() const override { return host_.grpc_address(); }
  std::string metrics_address() const override { return host_.metrics_address(); }
  absl::Status Run(base::Shutdown& shutdown) override {
    return host_.Run(shutdown, [this] { handler_->EndStreams(); });
  }

 private:
  // Its own shards and those of its peers become one library.
  void Join(const Config& config, std::int32_t count) {
    std::vector<Shard> shards;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      shards.push_back({.number = config.instance + static_cast<int>(i) * config.instances,
                        .state = parts_[i]->state.get(),
                        .index = parts_[i]->index.get()});
    }
    own_ = std::make_unique<LocalNode>(std::move(shards), count);
    std::vector<const Node*> nodes;
    for (int number = 0; number < config.instances; ++number) {
      if (number == config.instance) {
        nodes.push_back(own_.get());
        continue;
      }
      peers_.push_back(ConnectPeer({.address = config.peers[static_cast<std::size_t>(number)],
                                    .number = number,
                                    .nodes = config.instances,
                                    .shards = count}));
      nodes.push_back(peers_.back().get());
    }
    library_ = std::make_unique<Library>(std::move(nodes), count, *parts_.front()->state, clock_);
    handler_ = GrpcHandler::New(*library_, registry_);
    if (config.instances > 1) {
      peer_handler_ =
          PeerHandler::New(*own_, {.number = config.instance, .nodes = config.instances, .shards = count}, registry_);
    }
  }

  absl::Status Open(std::int32_t number, const Config& config) {
    auto part = std::make_unique<Part>();
    part->folder = std::filesystem::path(config.data) / "store" / absl::StrFormat("%02d", number);
    KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(part->folder));
    KAWAT_ASSIGN_OR_RETURN(part->state, state::OpenRocksDb(part->folder));
    KAWAT_ASSIGN_OR_RETURN(part->index, OpenFts5Index(part->folder / kIndexFile));
    part->indexer = std::make_unique<Indexer>(*part->state, *part->index, [this](const Document& document) {
      end_to_end_.Observe(clock_.Now() - document.observed_time);
      newest_.Note(document.source_id, document.observed_time);
    });
    KAWAT_RETURN_IF_ERROR(part->indexer->CatchUp());
    part->stage = std::make_unique<StoreStage>([this, indexer = part->indexer.get()]() -> absl::Status {
      KAWAT_RETURN_IF_ERROR(indexer->CatchUp());
      handler_->Notify();
      return absl::OkStatus();
    });
    parts_.push_back(std::move(part));
    const Part& added = *parts_.back();
    ObserveIndex(number, added);
    host_.OfferBackups({.name = {.service = "store", .number = number},
                        .store = added.state.get(),
                        .copy_beside = [index = added.folder / kIndexFile](const std::filesystem::path& folder) {
                          return CopyIndex(index, folder / kIndexFile);
                        }});
    return host_.Add({.owner = absl::StrCat("store/", number),
                      .inputs = {{std::string(bus::kArticles), number}, {std::string(bus::kSources), 0}},
                      .marker_path = added.folder.string() + ".marker"},
                     *added.stage, added.state.get());
  }

  void ObserveIndex(std::int32_t number, const Part& part) {
    index_lags_.push_back(registry_.BeforeRender(
        [&part, lag = registry_.GetGauge("kawat_index_lag_records", "Changes that the search index lacks.",
                                         {{"partition", absl::StrCat(number)}})] {
          if (const absl::StatusOr<std::int64_t> records = IndexLag(*part.state, *part.index); records.ok()) {
            lag.Set(static_cast<double>(*records));
          }
        }));
  }

  bus::Bus& bus_;
  base::Clock& clock_;
  telemetry::Registry& registry_;
  const telemetry::Histogram end_to_end_;
  NewestArticles newest_;
  std::vector<std::unique_ptr<Part>> parts_;
  std::unique_ptr<LocalNode> own_;
  std::vector<std::unique_ptr<Node>> peers_;
  std::unique_ptr<Library> library_;
  std::unique_ptr<GrpcHandler> handler_;
  std::vector<std::shared_ptr<void>> index_lags_;  // before parts_ go
  std::unique_ptr<PeerHandler> peer_handler_;      // null: the only node
  runtime::StageHost host_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Create(const Config& config, bus::Bus& bus, base::Clock& clock,
                                                         telemetry::Registry& registry) {
  auto service = std::make_unique<StoreService>(bus, clock, registry);
  KAWAT_RETURN_IF_ERROR(service->Start(config));
  return service;
}

}  // namespace kawat::store
