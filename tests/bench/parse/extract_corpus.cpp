// Runs extraction over a folder of pages with a gold.jsonl and prints a prediction a line, for the corpus's scorer; the
// speed goes to stderr.
//   extract_corpus ../shared/corpus/extraction [PAGE] > predictions.jsonl
// With PAGE only that one is done, and the trace goes to stderr.
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/time/clock.h"
#include "base/files.h"
#include "services/parse/content_encoding.h"
#include "services/parse/parse_page.h"

namespace {

namespace json = boost::json;

std::string Member(const json::object& row, const char* name) {
  const json::value* value = row.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string().c_str()) : "";
}

json::object Prediction(const std::string& page, const kawat::parse::ParsedPage& parsed) {
  json::object row;
  row["page"] = page;
  row["outcome"] = static_cast<int>(parsed.outcome);
  row["detail"] = parsed.detail;
  if (parsed.article) {
    const auto& article = *parsed.article;
    row["title"] = article.title;
    row["body"] = article.body;
    row["authors"] = json::array(article.authors.begin(), article.authors.end());
    row["language"] = article.language;
    row["section"] = article.section;
    row["agency"] = article.agency;
    row["copyright"] = article.copyright;
    row["url"] = article.canonical_url;
    if (article.published_time) {
      row["published"] = absl::FormatTime(absl::RFC3339_sec, *article.published_time, absl::UTCTimeZone());
    }
  }
  for (const auto& step : parsed.trace) {
    if (step.field == "body" || step.field == "title") {
      row[step.field + "_rule"] = step.rule;
    }
  }
  return row;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "extract_corpus FOLDER [PAGE]\n";
    return 2;
  }
  const std::string folder = argv[1];
  const std::string only = argc > 2 ? argv[2] : "";
  std::ifstream gold(folder + "/gold.jsonl");
  std::string line;
  std::chrono::duration<double> spent{};
  std::size_t pages = 0;
  std::size_t bytes = 0;
  while (std::getline(gold, line)) {
    const json::object row = json::parse(line).as_object();
    const std::string page = Member(row, "page");
    const auto file = kawat::base::ReadFile(folder + "/pages/" + page, 64 << 20);
    if (!file.ok() || (!only.empty() && page != only)) {
      continue;
    }
    const auto body = kawat::parse::DecodeContent(*file, page.ends_with(".gz") ? "gzip" : "");
    const std::string url = Member(row, "url").empty() ? "https://unknown.example/" + page : Member(row, "url");
    const auto begin = std::chrono::steady_clock::now();
    const auto parsed = kawat::parse::ParsePageContent(
        {.url = url, .bytes = *body, .content_type = "text/html", .fetched_time = absl::Now()});
    spent += std::chrono::steady_clock::now() - begin;
    ++pages;
    bytes += body->size();
    std::cout << json::serialize(Prediction(page, parsed)) << "\n";
    if (!only.empty()) {
      for (const auto& step : parsed.trace) {
        std::cerr << step.field << " | " << step.rule << " | " << step.value << "\n";
      }
    }
  }
  std::cerr << pages << " pages, " << bytes / 1'000'000 << " MB, " << static_cast<double>(pages) / spent.count()
            << " pages/s\n";
  return 0;
}
