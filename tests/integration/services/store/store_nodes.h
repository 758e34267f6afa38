// Stores as services on one embedded log, each with a data folder of its own, asked over real gRPC channels.
#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "article/codec.h"
#include "bus/embedded/embedded_bus.h"
#include "bus/topics.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "services/store/service.h"
#include "tests/support/free_address.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"
#include "tests/support/wait.h"

namespace kawat::store {

inline constexpr int kShards = 4;

inline article::Article MakeArticle(const std::string& name, absl::Time observed, std::string body) {
  const std::string url = absl::StrCat("https://", name, ".example/news");
  const std::string id = article::ArticleId(url);
  return {.id = id,
          .url = url,
          .canonical_url = url,
          .source_id = name,
          .title = absl::StrCat("Kabar ", name),
          .body = std::move(body),
          .language = "id",
          .observed_time = observed,
          .seq = absl::ToUnixMillis(observed),
          .revision = 1,
          .cluster_id = id};
}

// A running store, and a channel to it.
class RunningStore {
 public:
  RunningStore(const Config& config, bus::Bus& bus) {
    auto service = Service::Create(config, bus, base::SystemClock(), registry_);
    EXPECT_OK(service);
    service_ = *std::move(service);
    thread_ = std::thread([this] { EXPECT_OK(service_->Run(shutdown_)); });
    stub_ =
        v1::StoreService::NewStub(grpc::CreateChannel(service_->grpc_address(), grpc::InsecureChannelCredentials()));
  }
  ~RunningStore() {
    shutdown_.Request();
    thread_.join();
  }
  RunningStore(const RunningStore&) = delete;
  RunningStore& operator=(const RunningStore&) = delete;

  v1::StoreService::Stub& stub() { return *stub_; }

 private:
  telemetry::Registry registry_;
  base::Shutdown shutdown_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<v1::StoreService::Stub> stub_;
  std::thread thread_;
};

// One store that has all shards, and a store of three nodes, on the same log.
class StoreNodesTest : public ::testing::Test {
 protected:
  static constexpr int kNodes = 3;

  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(bus_, bus::OpenEmbedded(folder_.path() / "log", base::SystemClock()));
    ASSERT_OK(bus_->CreateMissingTopics(bus::Topics(kShards, 1)));
    ASSERT_OK_AND_ASSIGN(producer_, bus_->NewProducer());
    for (int i = 0; i < kNodes; ++i) {
      peers_.push_back(support::FreeAddress());
    }
    whole_ = std::make_unique<RunningStore>(
        Config{.data = folder_.path() / "whole", .grpc = "127.0.0.1:0", .metrics = "127.0.0.1:0"}, *bus_);
    for (int i = 0; i < kNodes; ++i) {
      nodes_.push_back(std::make_unique<RunningStore>(ConfigOf(i), *bus_));
    }
  }

  Config ConfigOf(int node) const {
    return {.data = folder_.path() / absl::StrCat("node", node),
            .grpc = peers_[static_cast<std::size_t>(node)],
            .metrics = "127.0.0.1:0",
            .instance = node,
            .instances = kNodes,
            .peers = peers_};
  }

  template <class Fact>
  bus::Record RecordOf(const std::string& article_id, std::string key, const Fact& fact) {
    return {.topic = std::string(bus::kArticles),
            .partition_key = article_id,
            .key = std::move(key),
            .value = article::Encode(article::ArticleEvent{.version = {1, ++parsed_, 0}, .fact = fact})};
  }
  void Send(const article::Article& article, const std::string& cluster_id = "") {
    const std::string cluster = cluster_id.empty() ? article.id : cluster_id;
    const article::Membership membership{article.id, 1, cluster,
                                         cluster_id.empty() ? article::Relation::kOriginal : article::Relation::kCopy,
                                         cluster_id};
    Send({RecordOf(article.id, article::RevisionKey(article.id, 1), article),
          RecordOf(article.id, article::MembershipKey(article.id, 1), membership)});
    ++articles_;
  }
  void Send(const std::vector<bus::Record>& records) {
    ASSERT_OK(producer_->Send(records));
    ASSERT_OK(producer_->Flush(absl::Seconds(20)));
  }

  static v1::GetStatsResponse Stats(RunningStore& store) {
    v1::GetStatsResponse stats;
    grpc::ClientContext context;
    const grpc::Status status = store.stub().GetStats(&context, {}, &stats);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return stats;
  }
  // All that was sent is searchable in both stores.
  void WaitForAll() {
    for (RunningStore* store : {whole_.get(), nodes_.front().get()}) {
      ASSERT_TRUE(support::WaitUntil([&] {
        const v1::GetStatsResponse stats = Stats(*store);
        return stats.articles() == articles_ && stats.index_lag_records() == 0;
      }));
    }
  }

  support::TempFolder folder_;
  std::unique_ptr<bus::Bus> bus_;
  std::unique_ptr<bus::Producer> producer_;
  std::vector<std::string> peers_;
  std::unique_ptr<RunningStore> whole_;
  std::vector<std::unique_ptr<RunningStore>> nodes_;
  std::int64_t parsed_ = 0;
  int articles_ = 0;
};

}  // namespace kawat::store
