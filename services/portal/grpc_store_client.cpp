#include <utility>

#include "absl/strings/str_join.h"
#include "article/convert.h"
#include "base/status.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "rpc/client.h"
#include "services/portal/store_client.h"

namespace kawat::portal {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(3);

Item ToItem(const v1::Article& in) {
  article::Article article = article::FromProto(in);
  return {.id = std::move(article.id),
          .title = std::move(article.title),
          .source = in.source_name().empty() ? article.source_id : in.source_name(),
          .group = in.source_group(),
          .body = std::move(article.body),
          .url = std::move(article.url),
          .authors = absl::StrJoin(article.authors, ", "),
          .copyright = std::move(article.copyright),
          .language = std::move(article.language),
          .cluster_id = std::move(article.cluster_id),
          .time = article::SortTime(article)};
}

Hint ToHint(v1::HintKind kind) {
  switch (kind) {
    case v1::HINT_KIND_NOTHING:
      return Hint::kNothing;
    case v1::HINT_KIND_TOO_COMMON:
      return Hint::kTooCommon;
    case v1::HINT_KIND_ONLY_EXCLUDED:
      return Hint::kOnlyExcluded;
    case v1::HINT_KIND_PHRASE_CUT:
      return Hint::kPhraseCut;
    case v1::HINT_KIND_UNKNOWN_FILTER:
      return Hint::kUnknownFilter;
    default:  // none, or one of a newer store
      return Hint::kNone;
  }
}

class GrpcStoreClient final : public StoreClient {
 public:
  explicit GrpcStoreClient(const std::string& address) : stub_(v1::StoreService::NewStub(rpc::OpenChannel(address))) {}

  absl::StatusOr<Results> Newest(std::string_view page_token) override {
    v1::ListArticlesRequest request;
    request.set_page_token(std::string(page_token));
    v1::ListArticlesResponse response;
    KAWAT_RETURN_IF_ERROR(Call(&v1::StoreService::Stub::ListArticles, request, response));
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
    KAWAT_RETURN_IF_ERROR(Call(&v1::StoreService::Stub::SearchArticles, request, response));
    Results results{.next_page_token = response.next_page_token(), .hint = ToHint(response.hint_kind())};
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
    KAWAT_RETURN_IF_ERROR(Call(&v1::StoreService::Stub::GetArticle, request, response));
    return ToItem(response.article());
  }

  absl::StatusOr<std::vector<Item>> Cluster(std::string_view id) override {
    v1::GetClusterRequest request;
    request.set_id(std::string(id));
    request.set_without_body(true);
    v1::GetClusterResponse response;
    KAWAT_RETURN_IF_ERROR(Call(&v1::StoreService::Stub::GetCluster, request, response));
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
    return rpc::Call(method, *stub_, request, response, kPatience);
  }

  std::unique_ptr<v1::StoreService::Stub> stub_;
};

}  // namespace

std::unique_ptr<StoreClient> StoreClient::Connect(const std::string& address) {
  return std::make_unique<GrpcStoreClient>(address);
}

}  // namespace kawat::portal
