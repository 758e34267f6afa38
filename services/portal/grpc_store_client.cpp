#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>

#include "absl/strings/str_join.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "services/portal/store_client.h"

namespace kawat::portal {
namespace {

constexpr std::chrono::seconds kDeadline{3};

Item ToItem(const v1::Article& article) {
  const absl::Time observed = absl::FromUnixSeconds(article.observed_time().seconds());
  return {.id = article.id(),
          .title = article.title(),
          .source = article.source_name().empty() ? article.source_id() : article.source_name(),
          .group = article.source_group(),
          .body = article.body(),
          .url = article.url(),
          .authors = absl::StrJoin(article.authors(), ", "),
          .copyright = article.copyright(),
          .language = article.language(),
          .cluster_id = article.cluster_id(),
          .original_id = article.original_id(),
          .time = article.has_published_time()
                      ? std::min(observed, absl::FromUnixSeconds(article.published_time().seconds()))
                      : observed};
}

class GrpcStoreClient final : public StoreClient {
 public:
  explicit GrpcStoreClient(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    stub_ =
        v1::StoreService::NewStub(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }

  absl::StatusOr<Results> Newest(std::string_view page_token) override {
    v1::ListArticlesRequest request;
    request.set_page_token(std::string(page_token));
    v1::ListArticlesResponse response;
    if (absl::Status status = Call(&v1::StoreService::Stub::ListArticles, request, response); !status.ok()) {
      return status;
    }
    Results results{.next_page_token = response.next_page_token()};
    for (const v1::Article& article : response.articles()) {
      results.items.push_back(ToItem(article));
    }
    return results;
  }

  absl::StatusOr<Results> Search(std::string_view query, std::string_view page_token) override {
    v1::SearchArticlesRequest request;
    request.set_query(std::string(query));
    request.set_page_token(std::string(page_token));
    v1::SearchArticlesResponse response;
    if (absl::Status status = Call(&v1::StoreService::Stub::SearchArticles, request, response); !status.ok()) {
      return status;
    }
    Results results{.next_page_token = response.next_page_token(), .hint = response.hint()};
    for (const v1::Hit& hit : response.hits()) {
      results.items.push_back(ToItem(hit.article()));
      results.items.back().snippet = hit.snippet();
    }
    return results;
  }

  absl::StatusOr<Item> Get(std::string_view id) override {
    v1::GetArticleRequest request;
    request.set_id(std::string(id));
    v1::GetArticleResponse response;
    if (absl::Status status = Call(&v1::StoreService::Stub::GetArticle, request, response); !status.ok()) {
      return status;
    }
    return ToItem(response.article());
  }

  absl::StatusOr<std::vector<Item>> Cluster(std::string_view id) override {
    v1::GetClusterRequest request;
    request.set_id(std::string(id));
    v1::GetClusterResponse response;
    if (absl::Status status = Call(&v1::StoreService::Stub::GetCluster, request, response); !status.ok()) {
      return status;
    }
    std::vector<Item> items;
    for (const v1::Article& article : response.articles()) {
      items.push_back(ToItem(article));
    }
    return items;
  }

 private:
  template <class Request, class Response>
  absl::Status Call(grpc::Status (v1::StoreService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    return {static_cast<absl::StatusCode>(status.error_code()), status.error_message()};
  }

  std::unique_ptr<v1::StoreService::Stub> stub_;
};

}  // namespace

std::unique_ptr<StoreClient> StoreClient::Connect(const std::string& address) {
  return std::make_unique<GrpcStoreClient>(address);
}

}  // namespace kawat::portal
