#include "tests/simulation/web_content.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace kawat::simulation {
namespace {

constexpr absl::Duration kPublishing = absl::Seconds(40);  // when the last article appears
constexpr absl::Duration kPollInterval = absl::Seconds(10);

constexpr std::array<std::string_view, 48> kWords = {
    "pemerintah", "gempa", "harga", "beras",    "menteri", "warga",  "banjir",   "sekolah", "jalan", "rumah",
    "pasar",      "hujan", "kota",  "desa",     "laut",    "kapal",  "petani",   "nelayan", "bank",  "pajak",
    "listrik",    "air",   "hutan", "api",      "gunung",  "sungai", "jembatan", "kereta",  "bus",   "pesawat",
    "dokter",     "rumit", "obat",  "anak",     "guru",    "polisi", "hakim",    "sidang",  "suara", "pemilu",
    "partai",     "wakil", "rapat", "anggaran", "ekspor",  "impor",  "industri", "buruh"};

std::string Word(Random& random) {
  return std::string(kWords.at(static_cast<std::size_t>(random.Below(kWords.size()))));
}

std::string Sentence(Random& random, int words) {
  std::string sentence = Word(random);
  sentence[0] = absl::ascii_toupper(static_cast<unsigned char>(sentence[0]));
  for (int i = 1; i < words; ++i) {
    absl::StrAppend(&sentence, " ", Word(random));
  }
  return sentence;
}

std::string Body(Random& random, int bytes) {
  std::string body;
  while (static_cast<int>(body.size()) < bytes) {
    absl::StrAppend(&body, body.empty() ? "" : "\n", Sentence(random, 25), ". ", Sentence(random, 20), ".");
  }
  return body;
}

Article MakeArticle(Random& random, const std::string& url, absl::Time begin, int bytes) {
  Article article{.url = url};
  absl::Time at = begin + random.Between(absl::ZeroDuration(), kPublishing);
  const int revisions = random.Chance(30) ? random.Between(2, 3) : 1;
  for (int i = 0; i < revisions; ++i) {
    article.revisions.push_back({.at = at, .title = Sentence(random, 7), .body = Body(random, bytes)});
    at += random.Between(absl::Seconds(4), absl::Seconds(15));
  }
  if (revisions == 3 && random.Chance(50)) {  // a return to what it said first
    article.revisions[2].title = article.revisions[0].title;
    article.revisions[2].body = article.revisions[0].body;
  }
  return article;
}

// Some articles are copies of one that another host published before; some are behind a redirect from another host.
void Entangle(Random& random, std::vector<Host>& hosts) {
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    Host& other = hosts[(i + 1) % hosts.size()];
    for (std::size_t k = 0; k < hosts[i].articles.size(); ++k) {
      Article& article = hosts[i].articles[k];
      if (random.Chance(15) && k < other.articles.size() && other.articles[k].kind == Article::Kind::kPage) {
        article.revisions.front().body = other.articles[k].revisions.front().body;
      } else if (random.Chance(6) && k < other.articles.size() && other.articles[k].kind == Article::Kind::kPage &&
                 article.kind == Article::Kind::kPage && i + 1 < hosts.size()) {
        article.kind = Article::Kind::kMoved;
        article.target = other.articles[k].url;
        article.revisions.resize(1);
        article.revisions.front().at = std::max(article.revisions.front().at, other.articles[k].revisions.front().at);
      }
    }
  }
}

}  // namespace

std::vector<Host> MakeHosts(std::uint64_t seed, Web::Size size, absl::Time begin, absl::Duration delay) {
  Random random(seed ^ 0x3eb);
  std::vector<Host> hosts;
  for (int i = 0; i < size.hosts; ++i) {
    Host host{.name = absl::StrCat("h", i, ".example")};
    const std::string root = absl::StrCat("https://", host.name, "/");
    host.source = {.id = absl::StrCat("h", i),
                   .name = absl::StrCat("H", i),
                   .feed_urls = {absl::StrCat(root, "feed")},
                   .language = "id",
                   .min_delay = delay,
                   .poll_interval = kPollInterval,
                   .max_depth = -1};
    for (int k = i; k < size.articles; k += size.hosts) {
      host.articles.push_back(MakeArticle(random, absl::StrCat(root, "a/", k), begin, size.body_bytes));
    }
    const std::vector<std::pair<Article::Kind, std::string>> others = {
        {Article::Kind::kGone, absl::StrCat(root, "gone")},
        {Article::Kind::kForbidden, absl::StrCat(root, "private/x")}};
    for (const auto& [kind, url] : others) {
      host.articles.push_back(
          {.url = url, .kind = kind, .revisions = {{.at = begin + absl::Seconds(5), .title = Sentence(random, 5)}}});
    }
    hosts.push_back(std::move(host));
  }
  Entangle(random, hosts);
  return hosts;
}

const Revision* At(const Article& article, absl::Time now) {
  const Revision* newest = nullptr;
  for (const Revision& revision : article.revisions) {
    newest = revision.at <= now ? &revision : newest;
  }
  return newest;
}

std::string PageOf(const Article& article, const Revision& revision) {
  std::string html = absl::StrCat("<!DOCTYPE html><html lang=\"id\"><head><meta charset=\"utf-8\"><title>",
                                  revision.title, "</title><link rel=\"canonical\" href=\"", article.url,
                                  "\"><meta property=\"og:type\" content=\"article\"></head>", "<body><article><h1>",
                                  revision.title, "</h1>\n<p>");
  for (const char c : revision.body) {
    if (c == '\n') {
      html.append("</p>\n<p>");
    } else {
      html.push_back(c);
    }
  }
  html.append("</p></article></body></html>");
  return html;
}

std::string FeedOf(const Host& host, absl::Time now) {
  std::string feed =
      absl::StrCat("<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>", host.name, "</title>");
  for (const Article& article : host.articles) {
    const Revision* revision = At(article, now);
    if (revision != nullptr) {
      absl::StrAppend(&feed, "<entry><title>", article.revisions.front().title, "</title><link href=\"", article.url,
                      "\"/><updated>", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", revision->at, absl::UTCTimeZone()),
                      "</updated></entry>");
    }
  }
  return absl::StrCat(feed, "</feed>");
}

}  // namespace kawat::simulation
