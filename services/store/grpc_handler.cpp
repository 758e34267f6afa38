#include "services/store/grpc_handler.h"

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>

#include "base/status.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "services/store/grpc_call.h"
#include "services/store/grpc_convert.h"
#include "services/store/grpc_watch.h"
#include "services/store/work_pool.h"

namespace kawat::store {
namespace {

constexpr int kThreads = 4;
constexpr int kThreadsWithPeers = 16;  // they mostly wait for the peers

// What the calls do; each fills the answer. On a thread of the pool.
absl::Status Answer(const Library& library, const v1::GetArticleRequest& request, v1::GetArticleResponse& response,
                    const Patience& patience) {
  if (request.key_case() == v1::GetArticleRequest::KEY_NOT_SET) {
    return absl::InvalidArgumentError("key: id or url must be set");
  }
  KAWAT_ASSIGN_OR_RETURN(const FoundArticle found, request.has_id() ? library.Get(request.id(), patience)
                                                                    : library.GetByUrl(request.url(), patience));
  ToProto(found, *response.mutable_article());
  return absl::OkStatus();
}

absl::Status Answer(const Library& library, const v1::ListArticlesRequest& request, v1::ListArticlesResponse& response,
                    const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(const Page page,
                         library.List(FromProto(request.filter()),
                                      {.size = request.page_size(), .token = request.page_token()}, patience));
  for (const FoundArticle& found : page.articles) {
    ToProto(found, *response.add_articles());
  }
  response.set_next_page_token(page.next_page_token);
  return absl::OkStatus();
}

absl::Status Answer(const Library& library, const v1::SearchArticlesRequest& request,
                    v1::SearchArticlesResponse& response, const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(const Page page,
                         library.Search(request.query(), FromProto(request.filter()),
                                        {.size = request.page_size(), .token = request.page_token()}, patience));
  for (const FoundArticle& found : page.articles) {
    v1::Hit& hit = *response.add_hits();
    ToProto(found, *hit.mutable_article());
    hit.set_snippet(found.snippet);
  }
  response.set_next_page_token(page.next_page_token);
  response.set_hint(page.hint.sentence);
  response.set_hint_kind(ToProto(page.hint.kind));
  return absl::OkStatus();
}

absl::Status Answer(const Library& library, const v1::GetClusterRequest& request, v1::GetClusterResponse& response,
                    const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(const Cluster cluster, library.GetCluster(request.id(), !request.without_body(), patience));
  response.set_id(cluster.id);
  for (const FoundArticle& found : cluster.articles) {
    ToProto(found, *response.add_articles());
  }
  return absl::OkStatus();
}

absl::Status Answer(const Library& library, const v1::GetStatsRequest&, v1::GetStatsResponse& response,
                    const Patience& patience) {
  KAWAT_ASSIGN_OR_RETURN(const std::vector<ShardStats> stats, library.GetStats(patience));
  ToProto(stats, response);
  return absl::OkStatus();
}

class Handler final : public GrpcHandler, public v1::StoreService::CallbackService {
 public:
  Handler(const Library& library, telemetry::Registry& registry)
      : library_(library),
        registry_(registry),
        pool_(library.nodes() > 1 ? kThreadsWithPeers : kThreads, kMaxQueuedCalls),
        hub_(library, pool_) {}

  grpc::Service& service() override { return *this; }
  void Notify() override { hub_.Notify(); }
  void EndStreams() override { hub_.EndAll(); }

  grpc::ServerUnaryReactor* GetArticle(grpc::CallbackServerContext* context, const v1::GetArticleRequest* request,
                                       v1::GetArticleResponse* response) override {
    return Run("GetArticle", context, request, response);
  }
  grpc::ServerUnaryReactor* ListArticles(grpc::CallbackServerContext* context, const v1::ListArticlesRequest* request,
                                         v1::ListArticlesResponse* response) override {
    return Run("ListArticles", context, request, response);
  }
  grpc::ServerUnaryReactor* SearchArticles(grpc::CallbackServerContext* context,
                                           const v1::SearchArticlesRequest* request,
                                           v1::SearchArticlesResponse* response) override {
    return Run("SearchArticles", context, request, response);
  }
  grpc::ServerUnaryReactor* GetCluster(grpc::CallbackServerContext* context, const v1::GetClusterRequest* request,
                                       v1::GetClusterResponse* response) override {
    return Run("GetCluster", context, request, response);
  }
  grpc::ServerUnaryReactor* GetStats(grpc::CallbackServerContext* context, const v1::GetStatsRequest* request,
                                     v1::GetStatsResponse* response) override {
    return Run("GetStats", context, request, response);
  }
  grpc::ServerWriteReactor<v1::WatchArticlesResponse>* WatchArticles(grpc::CallbackServerContext* /*context*/,
                                                                     const v1::WatchArticlesRequest* request) override {
    return hub_.Begin(*request);
  }

 private:
  template <class Request, class Response>
  grpc::ServerUnaryReactor* Run(const char* method, grpc::CallbackServerContext* context, const Request* request,
                                Response* response) {
    return RunCall(pool_, registry_, method, context, [this, request, response](const Patience& patience) {
      return Answer(library_, *request, *response, patience);
    });
  }

  const Library& library_;
  telemetry::Registry& registry_;
  WorkPool pool_;
  WatchHub hub_;
};

}  // namespace

std::unique_ptr<GrpcHandler> GrpcHandler::New(const Library& library, telemetry::Registry& registry) {
  return std::make_unique<Handler>(library, registry);
}

}  // namespace kawat::store
