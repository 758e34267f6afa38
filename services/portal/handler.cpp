#include "services/portal/handler.h"

#include <algorithm>
#include <atomic>
#include <memory>

#include "article/article.h"
#include "base/utf8.h"
#include "services/portal/pages.h"

namespace kawat::portal {
namespace {

constexpr std::string_view kArticlePrefix = "/article/";

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

// One of those that may wait for the store.
class Waiting {
 public:
  explicit Waiting(std::atomic<int>& count) : count_(count), number_(++count) {}
  ~Waiting() { --count_; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  int number() const { return number_; }

 private:
  std::atomic<int>& count_;
  const int number_;
};

web::Response NoArticle() { return Html(404, ProblemPage("", "Berita ini tidak ada, atau sudah ditarik.")); }

web::Response Unavailable(std::string_view query) {
  return Html(503, ProblemPage(query, "Penyimpanan berita sedang tidak menjawab. Coba lagi sebentar lagi."));
}

// The store says what is wrong in English, for programs; readers get the likely cause in the portal's language.
std::string_view WhyUnreadable(std::string_view query, std::string_view page) {
  if (!page.empty()) {
    return "Halaman hasil ini tidak dapat dibuka. Cari lagi dari awal.";
  }
  if (std::count(query.begin(), query.end(), '"') % 2 == 1) {
    return "Tanda kutip belum ditutup. Tulis frasa persis di antara dua tanda kutip ganda.";
  }
  return "Pencarian ini tidak dapat dibaca. Mungkin terlalu panjang, atau ada yang kurang pada OR, pada saringan, atau "
         "pada tanggal, yang ditulis seperti after:2026-01-31.";
}

web::Response Search(const web::Request& request, StoreClient& store, base::Clock& clock) {
  const std::string query = request.Query("q");
  const std::string page = request.Query("page");
  if (!base::IsValidUtf8(query) || !base::IsValidUtf8(page)) {
    return Html(400, ProblemPage("", "Pencarian ini bukan teks yang sah (UTF-8)."));
  }
  const absl::StatusOr<Results> results = query.empty() ? store.Newest(page) : store.Search(query, page);
  if (absl::IsInvalidArgument(results.status())) {
    return Html(400, ProblemPage(query, WhyUnreadable(query, page)));
  }
  if (!results.ok()) {
    return Unavailable(query);
  }
  return Html(200, SearchPage(query, *results, clock.Now()));
}

web::Response Article(std::string_view id, StoreClient& store, base::Clock& clock) {
  if (!article::IsArticleId(id)) {
    return NoArticle();
  }
  const absl::StatusOr<Item> article = store.Get(id);
  if (!article.ok()) {
    return absl::IsNotFound(article.status()) ? NoArticle() : Unavailable("");
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
  return [&store, &clock, count = std::make_shared<std::atomic<int>>(0)](const web::Request& request) -> web::Response {
    if (request.method != "GET") {
      return {.status = 405, .body = "only GET\n", .headers = {{"allow", "GET, HEAD"}}};
    }
    const Waiting waiting(*count);
    if (waiting.number() > kMaxWaiting) {
      return Unavailable("");
    }
    if (request.path == "/") {
      return Search(request, store, clock);
    }
    if (request.path.starts_with(kArticlePrefix)) {
      return Article(std::string_view(request.path).substr(kArticlePrefix.size()), store, clock);
    }
    return Html(404, ProblemPage("", "Halaman ini tidak ada."));
  };
}

}  // namespace kawat::portal
