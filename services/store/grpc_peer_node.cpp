#include "services/store/grpc_peer_node.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "kawat/v1/store_peer_service.grpc.pb.h"
#include "rpc/client.h"
#include "rpc/status.h"
#include "services/store/grpc_peer_convert.h"

namespace kawat::store {
namespace {

constexpr std::chrono::milliseconds kLook{20};            // between looks whether the reader still waits
constexpr absl::Duration kLess = absl::Milliseconds(20);  // than the reader's own deadline, or a tenth of what is left
constexpr absl::Duration kMaxPatience = absl::Seconds(10);

absl::Time DeadlineOf(const Patience& patience) {
  const absl::Time now = absl::Now();
  const absl::Duration left = std::min(patience.deadline - now, kMaxPatience);
  return now + left - std::min(kLess, left / 10);
}

class PeerNode final : public Node {
 public:
  explicit PeerNode(const PeerOptions& options)
      : options_(options),
        name_(absl::StrCat("store ", options.number, " at ", options.address)),
        stub_(v1::StorePeerService::NewStub(rpc::OpenChannel(options.address))) {}

  absl::StatusOr<std::vector<std::vector<IndexHit>>> Find(const IndexQuery& query, const std::vector<Place>& places,
                                                          std::size_t limit, const Patience& patience) const override {
    v1::FindHitsRequest request;
    ToProto({.query = query, .places = places, .limit = limit}, request);
    v1::FindHitsResponse response;
    KAWAT_RETURN_IF_ERROR(Call(&Async::FindHits, request, response, patience));
    if (static_cast<std::size_t>(response.shards_size()) != places.size()) {
      return absl::InternalError(absl::StrCat(name_, " answered for other shards than it was asked for"));
    }
    return FromProto(response);
  }

  absl::StatusOr<std::vector<std::optional<article::Article>>> Read(const std::vector<std::string>& ids,
                                                                    bool with_bodies,
                                                                    const Patience& patience) const override {
    v1::ReadArticlesRequest request;
    *request.mutable_ids() = {ids.begin(), ids.end()};
    request.set_without_body(!with_bodies);
    v1::ReadArticlesResponse response;
    KAWAT_RETURN_IF_ERROR(Call(&Async::ReadArticles, request, response, patience));
    if (response.articles_size() < 1 || static_cast<std::size_t>(response.articles_size()) > ids.size()) {
      return absl::InternalError(absl::StrCat(name_, " answered for other articles than it was asked for"));
    }
    return FromProto(response);
  }

  absl::StatusOr<std::vector<FoundAlias>> FindAliases(const std::vector<std::string>& urls,
                                                      const Patience& patience) const override {
    v1::FindAliasesRequest request;
    *request.mutable_urls() = {urls.begin(), urls.end()};
    v1::FindAliasesResponse response;
    KAWAT_RETURN_IF_ERROR(Call(&Async::FindAliases, request, response, patience));
    return FromProto(response);
  }

  absl::StatusOr<std::vector<ClusterMember>> FirstMembers(const std::string& cluster_id,
                                                          const Patience& patience) const override {
    v1::ListMembersRequest request;
    request.set_cluster_id(cluster_id);
    v1::ListMembersResponse response;
    KAWAT_RETURN_IF_ERROR(Call(&Async::ListMembers, request, response, patience));
    return FromProto(response);
  }

  absl::StatusOr<std::vector<ShardStats>> GetStats(const Patience& patience) const override {
    v1::ListShardStatsResponse response;
    KAWAT_RETURN_IF_ERROR(Call(&Async::ListShardStats, v1::ListShardStatsRequest(), response, patience));
    return FromProto(response);
  }

  absl::StatusOr<std::int64_t> LastSequence(int shard) const override {
    absl::MutexLock lock(&mutex_);
    KAWAT_RETURN_IF_ERROR(refreshed_);
    const auto at = sequences_.find(shard);
    return at == sequences_.end() ? -1 : at->second;
  }

  absl::Status Refresh(const Patience& patience) const override {
    v1::ListSequencesResponse response;
    absl::Status status = Call(&Async::ListSequences, v1::ListSequencesRequest(), response, patience);
    absl::MutexLock lock(&mutex_);
    refreshed_ = status;
    for (const v1::ShardSequence& shard : response.shards()) {
      sequences_[shard.shard()] = shard.last();
    }
    return status;
  }

  absl::StatusOr<std::vector<StoredChange>> ReadChanges(int shard, std::int64_t after,
                                                        const Patience& patience) const override {
    v1::ReadChangesRequest request;
    request.set_shard(shard);
    request.set_after(after);
    v1::ReadChangesResponse response;
    KAWAT_RETURN_IF_ERROR(Call(&Async::ReadChanges, request, response, patience));
    return FromProto(response);
  }

 private:
  using Async = v1::StorePeerService::StubInterface::async_interface;

  template <class Request, class Response>
  absl::Status Call(void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                          std::function<void(grpc::Status)>),
                    const Request& request, Response& response, const Patience& patience) const {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(DeadlineOf(patience)));
    context.AddMetadata(kNodeMetadata, NodeName(options_.number, options_.nodes, options_.shards));
    const auto done = std::make_shared<std::promise<grpc::Status>>();  // its last user may be gRPC's thread
    std::future<grpc::Status> answer = done->get_future();
    (stub_->async()->*method)(&context, &request, &response,
                              [done](grpc::Status status) { done->set_value(std::move(status)); });
    while (answer.wait_for(kLook) != std::future_status::ready) {
      if (patience.cancelled && patience.cancelled()) {
        context.TryCancel();
      }
    }
    const absl::Status status = rpc::FromGrpc(answer.get());
    return status.ok() ? status : Explain(status, patience);
  }

  absl::Status Explain(const absl::Status& status, const Patience& patience) const {
    absl::StatusCode code = status.code();
    if (code == absl::StatusCode::kCancelled) {
      KAWAT_RETURN_IF_ERROR(patience.Check());
      code = absl::StatusCode::kUnavailable;  // it was not we who cancelled: it stops
    } else if (code == absl::StatusCode::kInvalidArgument || code == absl::StatusCode::kUnimplemented) {
      code = absl::StatusCode::kInternal;  // whoever asked us is not to blame
    }
    return {code, absl::StrCat(name_, " is needed for its shards and cannot be asked: ", status.message())};
  }

  const PeerOptions options_;
  const std::string name_;
  const std::unique_ptr<v1::StorePeerService::Stub> stub_;
  mutable absl::Mutex mutex_;
  mutable absl::Status refreshed_ ABSL_GUARDED_BY(mutex_);
  mutable std::map<int, std::int64_t> sequences_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<Node> ConnectPeer(const PeerOptions& options) { return std::make_unique<PeerNode>(options); }

}  // namespace kawat::store
