// The bad neighbours: hosts whose feeds are fine and whose pages are not.
#include "absl/strings/str_cat.h"
#include "services/newsroom/plan.h"
#include "services/newsroom/random.h"

namespace kawat::newsroom {
namespace {

using namespace std::string_literals;  // bodies with zero bytes

const std::string& Picture() {
  static const std::string png =
      "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9c"
      "c\xf8\xcf\xc0\xf0\x1f\0\5\0\1\xff\x89\x99=\x1d\0\0\0\0IEND\xae\x42\x60\x82"s;
  return png;
}

std::string Noise(Random& random, int bytes) {
  std::string noise;
  for (int i = 0; i < bytes; ++i) {
    noise.push_back(static_cast<char>(random.Below(256)));
  }
  return noise;
}

class Neighbourhood {
 public:
  Neighbourhood(std::uint64_t seed, World& world) : random_(Random::For(seed, "neighbours", 0)), world_(world) {}

  void Settle(const std::string& id, const std::string& name) {
    Outlet outlet;
    outlet.id = id;
    outlet.name = name;
    outlet.group = "Bad neighbours";
    outlet.host = absl::StrCat(id, ".example");
    outlet.language = "en";
    outlet.country = "gb";
    outlet.time_zone = "UTC";
    outlet.feed_url = absl::StrCat("https://", outlet.host, "/feed.rss");
    Add(Kind::kFeed, Outcome::kFeed, outlet.feed_url);
    Resource& robots = Add(Kind::kRobots, Outcome::kAny, absl::StrCat("https://", outlet.host, "/robots.txt"));
    robots.announced = false;
    robots.reply.status = 404;
    world_.outlets.push_back(std::move(outlet));
  }

  Reply& Page(const std::string& path, Outcome outcome) {
    Outlet& outlet = world_.outlets.back();
    Resource& page = Add(Kind::kFixed, outcome, absl::StrCat("https://", outlet.host, path));
    page.outlet = static_cast<int>(world_.outlets.size()) - 1;
    outlet.extra_entries.push_back({page.url, absl::StrCat("Story at ", path)});
    return page.reply;
  }

  // A page that leads on and on: the first five redirects are followed, the sixth is one too many.
  void Roundabout() {
    constexpr int kFollowed = 5;
    const std::string turn = absl::StrCat("https://", world_.outlets.back().host, "/turn/");
    world_.outlets.back().extra_entries.push_back({absl::StrCat(turn, 1), "Round and round"});
    for (int i = 1; i <= kFollowed + 1; ++i) {
      Resource& page =
          Add(Kind::kFixed, i <= kFollowed ? Outcome::kMoved : Outcome::kTooManyRedirects, absl::StrCat(turn, i));
      page.outlet = static_cast<int>(world_.outlets.size()) - 1;
      page.reply.status = 302;
      page.moved_to = absl::StrCat(turn, i + 1);
    }
  }

  Random& random() { return random_; }

 private:
  Resource& Add(Kind kind, Outcome outcome, std::string url) {
    Resource resource;
    resource.url = std::move(url);
    resource.kind = kind;
    resource.outcome = outcome;
    resource.outlet = static_cast<int>(world_.outlets.size());
    world_.resources.push_back(std::move(resource));
    return world_.resources.back();
  }

  Random random_;
  World& world_;
};

}  // namespace

void AddNeighbours(std::uint64_t seed, World& world) {
  Neighbourhood street(seed, world);
  street.Settle("brokenmill", "Broken Mill");
  int number = 0;
  for (const int status : {500, 502, 503, 500}) {
    street.Page(absl::StrCat("/out-of-order/", ++number), Outcome::kServerError).status = status;
  }
  street.Page("/members-only", Outcome::kClientError).status = 403;
  street.Page("/withdrawn", Outcome::kNotFound).status = 410;

  street.Settle("slowboat", "Slow Boat");
  for (int i = 1; i <= 3; ++i) {
    Reply& page = street.Page(absl::StrCat("/some-day/", i), Outcome::kTimeout);
    page.delay = absl::Seconds(6);
    page.body = "<html><title>Too late</title><p>At last.</p></html>";
  }

  street.Settle("static-noise", "Static & Noise");
  street.Page("/noise", Outcome::kNoText).body = Noise(street.random(), 1500);
  Reply& blob = street.Page("/blob", Outcome::kNotHtml);
  blob.content_type = "application/octet-stream";
  blob.body = Noise(street.random(), 3000);
  Reply& packed = street.Page("/packed", Outcome::kBadEncoding);
  packed.content_encoding = "gzip";
  packed.body = "\x1f\x8b\x08\0\0\0\0\0\0\3"s + Noise(street.random(), 800);
  Reply& half = street.Page("/half", Outcome::kBadResponse);
  half.body = absl::StrCat("<html><title>Half a page</title><p>", std::string(4000, 'x'), "</p></html>");
  half.cut_connection = true;
  Reply& ledger = street.Page("/export", Outcome::kMalformedFeed);
  ledger.content_type = "application/xml";
  ledger.body = "no elements here, only words & signs";
  Reply& picture = street.Page("/picture", Outcome::kNotHtml);
  picture.content_type = "image/png";
  picture.body = Picture();

  street.Settle("deadends", "Dead Ends");
  for (int i = 1; i <= 12; ++i) {
    street.Page(absl::StrCat("/gone/", i), Outcome::kNotFound).status = 404;
  }
  street.Roundabout();
}

}  // namespace kawat::newsroom
