#include "services/parse/extract/article_page.h"

#include <algorithm>

#include "services/parse/extract/authors.h"
#include "services/parse/extract/body.h"
#include "services/parse/extract/canonical.h"
#include "services/parse/extract/classify.h"
#include "services/parse/extract/credit.h"
#include "services/parse/extract/json_ld.h"
#include "services/parse/extract/outline.h"
#include "services/parse/extract/strings.h"
#include "services/parse/extract/times.h"
#include "services/parse/extract/title.h"
#include "text/text.h"

namespace kawat::parse::extract {
namespace {

constexpr std::size_t kMaxTraceValue = 200;
constexpr std::size_t kMaxTitleBytes = 2000;
constexpr std::size_t kMaxFieldBytes = 300;

std::string Clean(std::string_view text, std::size_t limit) {
  return std::string(text::Truncate(text::CollapseWhitespace(text::ToValidUtf8(text)), limit));
}

class Extraction {
 public:
  Extraction(const html::Document& document, const PageFacts& facts, const PageContext& context)
      : document_(document),
        facts_(facts),
        context_(context),
        outline_(MakeOutline(document)),
        json_ld_(ReadJsonLd(facts.json_ld, context.url->text())) {}

  ExtractedPage Run() {
    FindBody();
    FindTitle();
    FindAuthorsAndCredit();
    SetBody();
    const Verdict verdict = Classify({.json_ld = json_ld_,
                                      .facts = facts_,
                                      .body = body_,
                                      .url = *context_.url,
                                      .words = text::CountWords(article_.body, kEnoughWords),
                                      .has_title = !article_.title.empty(),
                                      .announced = context_.announced});
    if (verdict.reason != article::Reason::kNone) {
      result_.reason = verdict.reason;
      result_.detail = verdict.detail;
      return std::move(result_);
    }
    FindPublishedAndModified();
    FindLanguage();
    FindRest();
    result_.article = std::move(article_);
    return std::move(result_);
  }

 private:
  void Trace(std::string_view field, std::string_view rule, std::string_view value) {
    result_.trace.push_back(
        {std::string(field), std::string(rule), std::string(text::Truncate(value, kMaxTraceValue))});
  }

  void FindBody() {
    BodyHints hints;
    hints.titles = {json_ld_.headline, DecodeEntities(facts_.Meta({"og:title", "twitter:title"})), facts_.title};
    hints.titles.push_back(WithoutSiteName(hints.titles[1], SiteName(), ""));
    hints.titles.push_back(WithoutSiteName(facts_.title, SiteName(), hints.titles[1]));
    hints.description = DecodeEntities(facts_.Meta({"og:description", "description", "twitter:description"}));
    hints.json_ld_body = json_ld_.body;
    body_ = ExtractBody(outline_, hints);
  }

  std::string SiteName() const {
    const std::string_view name = facts_.Meta({"og:site_name", "application-name"});
    return name.empty() ? json_ld_.publisher : std::string(name);
  }

  void FindTitle() {
    const Title title = ChooseTitle({.json_ld = json_ld_.headline,
                                     .og = std::string(facts_.Meta({"og:title", "twitter:title"})),
                                     .heading = body_.first_heading,
                                     .document = facts_.title,
                                     .site_name = SiteName()});
    article_.title = Clean(title.text, kMaxTitleBytes);
    if (article_.title.empty() && !context_.hint_title.empty()) {
      article_.title = Clean(context_.hint_title, kMaxTitleBytes);
      Trace("title", "the feed's entry", article_.title);
      return;
    }
    Trace("title", title.rule, article_.title);
  }

  void FindAuthorsAndCredit() {
    Authors authors = FindAuthors(json_ld_, facts_, document_.body());
    for (const std::string& name : authors.names) {
      article_.authors.push_back(Clean(name, kMaxFieldBytes));
      Trace("authors", authors.rule, name);
    }
    Credit credit = FindCredit(body_.paragraphs, authors.names);
    if (!credit.agency.empty()) {
      Trace("agency", credit.agency_rule, credit.agency);
    }
    if (!credit.copyright.empty()) {
      Trace("copyright", "last lines", credit.copyright);
    }
    article_.agency = std::move(credit.agency);
    article_.copyright = Clean(credit.copyright, kMaxFieldBytes);
  }

  void SetBody() {
    for (const std::string& paragraph : body_.paragraphs) {
      article_.body += article_.body.empty() ? "" : "\n";
      article_.body += paragraph;
    }
    article_.body = text::ToValidUtf8(article_.body);
    if (article_.body.size() > kMaxBodyBytes) {
      article_.body = std::string(text::Truncate(article_.body, kMaxBodyBytes));
      article_.text_cut = true;
    }
    article_.text_cut = article_.text_cut || document_.cut();
    Trace("body", body_.rule, article_.body);
  }

  void FindPublishedAndModified() {
    const TimeContext context{.zone = context_.zone, .not_after = context_.fetched_time + absl::Hours(24)};
    Times times = FindTimes(json_ld_, facts_, context_.url->path(), context);
    const bool from_url = times.published.rule == "date in the URL";
    if ((!times.published.time || from_url) && context_.hint_published_time &&
        *context_.hint_published_time <= context.not_after) {
      times.published = {context_.hint_published_time, false, "the feed's entry"};
    }
    article_.published_time = times.published.time;
    article_.modified_time = times.modified.time;
    article_.zone_assumed = times.published.time && times.published.zone_assumed;
    for (const auto& [field, found] :
         {std::pair("published_time", times.published), std::pair("modified_time", times.modified)}) {
      if (found.time) {
        Trace(field, found.rule, absl::FormatTime(absl::RFC3339_sec, *found.time, absl::UTCTimeZone()));
      }
    }
  }

  void FindLanguage() {
    const std::string_view claims[] = {facts_.language, json_ld_.language,
                                       facts_.Meta({"og:locale", "content-language", "language"})};
    for (const std::string_view claim : claims) {
      if (std::string tag = LanguageTag(claim); !tag.empty()) {
        article_.language = std::move(tag);
        Trace("language", "declared", article_.language);
        break;
      }
    }
    const std::string detected = text::DetectLanguage(article_.body);
    const std::string primary = article_.language.substr(0, article_.language.find('-'));
    if (!detected.empty() && detected.substr(0, detected.find('-')) != primary) {
      // Templates declare "en" for any language; a text speaks for itself.
      if (primary.empty() || primary == "en") {
        article_.language = detected;
        Trace("language", "detected", detected);
      }
    }
    if (article_.language.empty()) {
      article_.language = LanguageTag(context_.source_language);
    }
  }

  // "en-US" of "en_US", "" of what is no tag.
  static std::string LanguageTag(std::string_view text) {
    std::string tag(Trim(text));
    std::replace(tag.begin(), tag.end(), '_', '-');
    const std::size_t primary = std::min(tag.find('-'), tag.size());
    const bool letters =
        std::all_of(tag.begin(), tag.end(), [](char c) { return IsLetter(c) || IsDigit(c) || c == '-'; });
    if (!letters || primary < 2 || primary > 3 || tag.size() > 20) {
      return "";
    }
    std::transform(tag.begin(), tag.begin() + static_cast<std::ptrdiff_t>(primary), tag.begin(), LowerChar);
    return tag;
  }

  void FindRest() {
    CanonicalUrl canonical = FindCanonicalUrl(facts_, *context_.url);
    Trace("canonical_url", canonical.rule, canonical.url);
    article_.id = article::ArticleId(canonical.url);
    article_.canonical_url = std::move(canonical.url);
    const std::string_view meta_section =
        facts_.Meta({"article:section", "section", "parsely-section", "sailthru.section"});
    article_.section =
        Clean(DecodeEntities(meta_section.empty() ? std::string_view(json_ld_.section) : meta_section), kMaxFieldBytes);
    if (!article_.section.empty()) {
      Trace("section", meta_section.empty() ? "json-ld articleSection" : "meta", article_.section);
    }
    const std::string_view image = facts_.Meta({"og:image", "og:image:url", "twitter:image"});
    const auto image_url = url::Url::Resolve(image.empty() ? std::string_view(json_ld_.image) : image, *context_.url);
    if (image_url.ok() && (!image.empty() || !json_ld_.image.empty())) {
      article_.image_url = image_url->text();
      Trace("image_url", image.empty() ? "json-ld image" : "og:image", article_.image_url);
    }
    article_.observed_time = context_.fetched_time;
    article_.extractor_version = kExtractorVersion;
  }

  const html::Document& document_;
  const PageFacts& facts_;
  const PageContext& context_;
  Outline outline_;
  JsonLdArticle json_ld_;
  Body body_;
  article::Article article_;
  ExtractedPage result_;
};

}  // namespace

ExtractedPage ExtractArticlePage(const html::Document& document, const PageFacts& facts, const PageContext& context) {
  return Extraction(document, facts, context).Run();
}

}  // namespace kawat::parse::extract
