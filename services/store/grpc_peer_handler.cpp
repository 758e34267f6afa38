#include "services/store/grpc_peer_handler.h"

#include <grpcpp/grpcpp.h>

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "kawat/v1/store_peer_service.grpc.pb.h"
#include "services/store/grpc_call.h"
#include "services/store/grpc_peer_convert.h"

namespace kawat::store {
namespace {

constexpr int kThreads = 4;
constexpr int kMaxUrls = 2;
constexpr std::size_t kMaxUrlBytes = 2'048;

// What the calls do; each fills the answer. On a thread of the pool.
absl::Status Answer(const LocalNode& node, const v1::FindHitsRequest& request, v1::FindHitsResponse& response,
                    const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(const FindQuestion question, FromProto(request));
  if (question.places.size() > node.shards().size()) {
    return absl::InvalidArgumentError(absl::StrCat("places: more than its ", node.shards().size(), " shards"));
  }
  KAWAT_ASSIGN_OR_RETURN(const auto hits, node.Find(question.query, question.places, question.limit, patience));
  ToProto(hits, response);
  return absl::OkStatus();
}

absl::Status Answer(const LocalNode& node, const v1::ReadArticlesRequest& request, v1::ReadArticlesResponse& response,
                    const Patience& patience) {
  if (static_cast<std::size_t>(request.ids_size()) > kMaxReadIds) {
    return absl::InvalidArgumentError(absl::StrCat("ids: ", request.ids_size(), "; the limit is ", kMaxReadIds));
  }
  KAWAT_ASSIGN_OR_RETURN(const auto articles,
                         node.Read({request.ids().begin(), request.ids().end()}, !request.without_body(), patience));
  ToProto(articles, response);
  return absl::OkStatus();
}

absl::Status Answer(const LocalNode& node, const v1::FindAliasesRequest& request, v1::FindAliasesResponse& response,
                    const Patience& patience) {
  if (request.urls_size() > kMaxUrls) {
    return absl::InvalidArgumentError(absl::StrCat("urls: ", request.urls_size(), "; the limit is ", kMaxUrls));
  }
  for (const std::string& url : request.urls()) {
    if (url.size() > kMaxUrlBytes) {
      return absl::InvalidArgumentError(absl::StrCat("urls: ", url.size(), " bytes; the limit is ", kMaxUrlBytes));
    }
  }
  KAWAT_ASSIGN_OR_RETURN(const auto aliases,
                         node.FindAliases({request.urls().begin(), request.urls().end()}, patience));
  ToProto(aliases, response);
  return absl::OkStatus();
}

absl::Status Answer(const LocalNode& node, const v1::ListMembersRequest& request, v1::ListMembersResponse& response,
                    const Patience& patience) {
  if (!article::IsArticleId(request.cluster_id())) {
    return absl::InvalidArgumentError("cluster_id: not 32 lower-case hexadecimal digits");
  }
  KAWAT_ASSIGN_OR_RETURN(const auto members, node.FirstMembers(request.cluster_id(), patience));
  ToProto(members, response);
  return absl::OkStatus();
}

absl::Status Answer(const LocalNode& node, const v1::ListShardStatsRequest&, v1::ListShardStatsResponse& response,
                    const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(const auto stats, node.GetStats(patience));
  ToProto(stats, response);
  return absl::OkStatus();
}

absl::Status Answer(const LocalNode& node, const v1::ListSequencesRequest&, v1::ListSequencesResponse& response,
                    const Patience&) {
  for (const Shard& shard : node.shards()) {
    v1::ShardSequence& to = *response.add_shards();
    to.set_shard(shard.number);
    to.set_last(shard.index->last_sequence());
  }
  return absl::OkStatus();
}

absl::Status Answer(const LocalNode& node, const v1::ReadChangesRequest& request, v1::ReadChangesResponse& response,
                    const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(const auto changes,
                         node.ReadChanges(request.shard(), std::max<std::int64_t>(request.after(), -1), patience));
  ToProto(changes, response);
  return absl::OkStatus();
}

class Handler final : public PeerHandler, public v1::StorePeerService::CallbackService {
 public:
  Handler(const LocalNode& node, const Options& options, telemetry::Registry& registry)
      : node_(node),
        name_(NodeName(options.number, options.nodes, options.shards)),
        registry_(registry),
        pool_(kThreads, kMaxQueuedCalls) {}

  grpc::Service& service() override { return *this; }

  grpc::ServerUnaryReactor* FindHits(grpc::CallbackServerContext* context, const v1::FindHitsRequest* request,
                                     v1::FindHitsResponse* response) override {
    return Run("FindHits", context, request, response);
  }
  grpc::ServerUnaryReactor* ReadArticles(grpc::CallbackServerContext* context, const v1::ReadArticlesRequest* request,
                                         v1::ReadArticlesResponse* response) override {
    return Run("ReadArticles", context, request, response);
  }
  grpc::ServerUnaryReactor* FindAliases(grpc::CallbackServerContext* context, const v1::FindAliasesRequest* request,
                                        v1::FindAliasesResponse* response) override {
    return Run("FindAliases", context, request, response);
  }
  grpc::ServerUnaryReactor* ListMembers(grpc::CallbackServerContext* context, const v1::ListMembersRequest* request,
                                        v1::ListMembersResponse* response) override {
    return Run("ListMembers", context, request, response);
  }
  grpc::ServerUnaryReactor* ListShardStats(grpc::CallbackServerContext* context,
                                           const v1::ListShardStatsRequest* request,
                                           v1::ListShardStatsResponse* response) override {
    return Run("ListShardStats", context, request, response);
  }
  grpc::ServerUnaryReactor* ListSequences(grpc::CallbackServerContext* context, const v1::ListSequencesRequest* request,
                                          v1::ListSequencesResponse* response) override {
    return Run("ListSequences", context, request, response);
  }
  grpc::ServerUnaryReactor* ReadChanges(grpc::CallbackServerContext* context, const v1::ReadChangesRequest* request,
                                        v1::ReadChangesResponse* response) override {
    return Run("ReadChanges", context, request, response);
  }

 private:
  template <class Request, class Response>
  grpc::ServerUnaryReactor* Run(const char* method, grpc::CallbackServerContext* context, const Request* request,
                                Response* response) {
    return RunCall(pool_, registry_, method, context,
                   [this, context, request, response](const Patience& patience) -> absl::Status {
                     KAWAT_RETURN_IF_ERROR(CheckMeant(*context));
                     return Answer(node_, *request, *response, patience);
                   });
  }

  absl::Status CheckMeant(const grpc::CallbackServerContext& context) const {
    const auto& metadata = context.client_metadata();
    const auto at = metadata.find(kNodeMetadata);
    const std::string meant =
        at == metadata.end() ? "no store in particular" : std::string(at->second.data(), at->second.size());
    if (meant != name_) {
      return absl::FailedPreconditionError(absl::StrCat(
          "this is store ", name_, ", and ", meant,
          " was meant: store.instances and store.peers must be the same for all, in the order of store.instance"));
    }
    return absl::OkStatus();
  }

  const LocalNode& node_;
  const std::string name_;
  telemetry::Registry& registry_;
  WorkPool pool_;
};

}  // namespace

std::unique_ptr<PeerHandler> PeerHandler::New(const LocalNode& node, const Options& options,
                                              telemetry::Registry& registry) {
  return std::make_unique<Handler>(node, options, registry);
}

}  // namespace kawat::store
