#include "services/store/grpc_handler.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "rpc/status.h"
#include "services/store/grpc_convert.h"
#include "services/store/grpc_watch.h"
#include "services/store/work_pool.h"

namespace kawat::store {
namespace {

constexpr int kThreads = 4;
constexpr absl::Duration kMaxPatience = absl::Seconds(10);  // a call holds one of the threads

Patience PatienceOf(grpc::CallbackServerContext& context) {
  const absl::Time ours = absl::Now() + kMaxPatience;
  const auto deadline = context.deadline();  // the greatest value: none
  return {.deadline = deadline == std::chrono::system_clock::time_point::max()
                          ? ours
                          : std::min(ours, absl::FromChrono(deadline)),
          .cancelled = [&context] { return context.IsCancelled(); }};
}

// What the calls do; each fills the answer. On a thread of the pool.
absl::Status Answer(const Library& library, const v1::GetArticleRequest& request, v1::GetArticleResponse& response,
                    const Patience&) {
  if (request.key_case() == v1::GetArticleRequest::KEY_NOT_SET) {
    return absl::InvalidArgumentError("key: id or url must be set");
  }
  KAWAT_ASSIGN_OR_RETURN(const FoundArticle found,
                         request.has_id() ? library.Get(request.id()) : library.GetByUrl(request.url()));
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
      : library_(library), registry_(registry), pool_(kThreads, kMaxQueuedCalls), hub_(library, pool_) {}

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
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    const absl::Time begin = absl::Now();
    const bool taken = pool_.TryPost([=, this] {
      const Patience patience = PatienceOf(*context);
      absl::Status status;
      if (context->IsCancelled() || absl::Now() > patience.deadline) {
        status = absl::DeadlineExceededError("the deadline passed before a thread was free");
      } else {
        status = Answer(library_, *request, *response, patience);
      }
      registry_
          .GetHistogram("kawat_store_call_seconds", "From the arrival of a call to its answer.",
                        {{"method", method}, {"code", absl::StatusCodeToString(status.code())}})
          .Observe(absl::Now() - begin);
      reactor->Finish(rpc::ToGrpc(status));
    });
    if (!taken) {
      reactor->Finish(rpc::ToGrpc(
          absl::ResourceExhaustedError(absl::StrCat("more than ", kMaxQueuedCalls, " calls wait; ask again later"))));
    }
    return reactor;
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
