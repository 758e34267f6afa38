#include <grpcpp/grpcpp.h>

#include <chrono>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "kawat/v1/fetch_service.grpc.pb.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "services/newsroom/check.h"
#include "web/http_get.h"

namespace kawat::newsroom {
namespace {

constexpr int kPageSize = 200;
constexpr std::string_view kOutcomePrefix = "OUTCOME_KIND_";
constexpr std::string_view kReasonPrefix = "REASON_";
constexpr std::chrono::seconds kPatience{10};

absl::Status StatusOf(const grpc::Status& status, const std::string& who) {
  return {static_cast<absl::StatusCode>(status.error_code()), absl::StrCat(who, ": ", status.error_message())};
}

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
}

// "LINKS_ONLY" of OUTCOME_KIND_LINKS_ONLY; empty for UNSPECIFIED.
std::string Short(const std::string& name, std::string_view prefix) {
  const std::string rest = name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  return rest == "UNSPECIFIED" ? "" : rest;
}

FoundArticle ArticleOf(const v1::Article& from) {
  FoundArticle article;
  article.url = from.url();
  article.canonical_url = from.canonical_url();
  article.source_id = from.source_id();
  article.title = from.title();
  article.body = from.body();
  article.authors.assign(from.authors().begin(), from.authors().end());
  if (from.has_published_time()) {
    article.published =
        absl::FromUnixSeconds(from.published_time().seconds()) + absl::Nanoseconds(from.published_time().nanos());
  }
  article.language = from.language();
  article.agency = from.agency();
  article.credit = from.copyright();
  article.cluster_id = from.cluster_id();
  article.revision = from.revision();
  return article;
}

class Asker {
 public:
  explicit Asker(const CheckOptions& options)
      : store_name_(absl::StrCat("store at ", options.store)),
        fetch_name_(absl::StrCat("fetch at ", options.fetch)),
        store_(v1::StoreService::NewStub(ChannelTo(options.store))),
        fetch_(v1::FetchService::NewStub(ChannelTo(options.fetch))) {}

  absl::StatusOr<std::vector<FoundArticle>> Articles() {
    std::vector<FoundArticle> articles;
    v1::ListArticlesRequest request;
    request.set_page_size(kPageSize);
    while (true) {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + kPatience);
      v1::ListArticlesResponse response;
      if (const grpc::Status status = store_->ListArticles(&context, request, &response); !status.ok()) {
        return StatusOf(status, store_name_);
      }
      for (const v1::Article& article : response.articles()) {
        articles.push_back(ArticleOf(article));
      }
      if (response.next_page_token().empty()) {
        return articles;
      }
      request.set_page_token(response.next_page_token());
    }
  }

  absl::StatusOr<FoundOutcome> OutcomeOf(const std::string& url, bool ask_store) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    v1::GetUrlStateRequest request;
    request.set_url(url);
    v1::GetUrlStateResponse response;
    const grpc::Status status = fetch_->GetUrlState(&context, request, &response);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
      return FoundOutcome{};
    }
    if (!status.ok()) {
      return StatusOf(status, fetch_name_);
    }
    FoundOutcome outcome;
    outcome.outcome = Short(v1::OutcomeKind_Name(response.state().outcome()), kOutcomePrefix);
    outcome.reason = Short(v1::Reason_Name(response.state().reason()), kReasonPrefix);
    outcome.moved_to = response.state().moved_to();
    outcome.article_id = response.state().article_id();
    if (ask_store && outcome.outcome == "ARTICLE") {
      KAWAT_ASSIGN_OR_RETURN(outcome.article_stored, Stored(outcome.article_id, url));
    }
    return outcome;
  }

 private:
  absl::StatusOr<bool> Stored(const std::string& id, const std::string& url) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    v1::GetArticleRequest request;
    if (id.empty()) {
      request.set_url(url);
    } else {
      request.set_id(id);
    }
    v1::GetArticleResponse response;
    const grpc::Status status = store_->GetArticle(&context, request, &response);
    if (!status.ok() && status.error_code() != grpc::StatusCode::NOT_FOUND) {
      return StatusOf(status, store_name_);
    }
    return status.ok();
  }

  std::string store_name_;
  std::string fetch_name_;
  std::unique_ptr<v1::StoreService::Stub> store_;
  std::unique_ptr<v1::FetchService::Stub> fetch_;
};

}  // namespace

absl::StatusOr<CheckReport> Check(const CheckOptions& options) {
  const absl::StatusOr<web::HttpAnswer> answer = web::HttpGet(options.newsroom, options.newsroom, "/truth");
  KAWAT_RETURN_IF_ERROR(base::Annotate(answer.status(), "newsroom"));
  KAWAT_ASSIGN_OR_RETURN(const Truth truth, ReadTruth(answer->body));
  Asker asker(options);
  Found found;
  KAWAT_ASSIGN_OR_RETURN(found.articles, asker.Articles());
  for (const TrueUrl& url : truth.urls) {
    KAWAT_ASSIGN_OR_RETURN(found.outcomes[url.url], asker.OutcomeOf(url.url, truth.pages));
  }
  return Compare(truth, found);
}

}  // namespace kawat::newsroom
