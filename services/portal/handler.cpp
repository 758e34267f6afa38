#include "services/portal/handler.h"

#include "services/portal/pages.h"

namespace kawat::portal {
namespace {

constexpr std::string_view kArticlePrefix = "/article/";

int HttpStatus(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kInvalidArgument:
      return 400;
    case absl::StatusCode::kNotFound:
      return 404;
    default:
      return 503;
  }
}

web::Response Html(int status, std::string body) {
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = std::move(body),
          .headers = {{"content-security-policy",
                       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"},
                      {"x-content-type-options", "nosniff"},
                      {"referrer-policy", "no-referrer"},
                      {"cache-control", "no-store"}}};
}

web::Response Search(const web::Request& request, StoreClient& store, base::Clock& clock) {
  const std::string query = request.Query("q");
  const std::string page = request.Query("page");
  const absl::StatusOr<Results> results = query.empty() ? store.Newest(page) : store.Search(query, page);
  if (!results.ok()) {
    return Html(HttpStatus(results.status()), ProblemPage(query, results.status()));
  }
  return Html(200, SearchPage(query, *results, clock.Now()));
}

web::Response Article(std::string_view id, StoreClient& store, base::Clock& clock) {
  const absl::StatusOr<Item> article = store.Get(id);
  if (!article.ok()) {
    return Html(HttpStatus(article.status()), ProblemPage("", article.status()));
  }
  std::vector<Item> copies;
  if (absl::StatusOr<std::vector<Item>> cluster = store.Cluster(article->cluster_id); cluster.ok()) {
    copies = *std::move(cluster);
    std::erase_if(copies, [&](const Item& copy) { return copy.id == article->id; });
  }
  return Html(200, ArticlePage(*article, copies, clock.Now()));
}

}  // namespace

web::Handler NewHandler(StoreClient& store, base::Clock& clock) {
  return [&store, &clock](const web::Request& request) -> web::Response {
    if (request.method != "GET") {
      return {.status = 405, .body = "only GET\n", .headers = {{"allow", "GET, HEAD"}}};
    }
    if (request.path == "/") {
      return Search(request, store, clock);
    }
    if (request.path.starts_with(kArticlePrefix)) {
      return Article(std::string_view(request.path).substr(kArticlePrefix.size()), store, clock);
    }
    return Html(404, ProblemPage("", absl::NotFoundError("")));
  };
}

}  // namespace kawat::portal
