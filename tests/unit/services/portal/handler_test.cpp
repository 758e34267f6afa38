#include "services/portal/handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "base/utf8.h"
#include "tests/support/fake_clock.h"

namespace kawat::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kA1(32, 'a');
const std::string kA2(32, 'b');

class FakeStore final : public StoreClient {
 public:
  absl::StatusOr<Results> Newest(std::string_view /*page_token*/) override {
    if (hangs) {
      asked.DecrementCount();
      answers.WaitForNotification();
    }
    return results;
  }
  absl::StatusOr<Results> Search(std::string_view query, std::string_view /*page_token*/) override {
    searched = std::string(query);
    return results;
  }
  absl::StatusOr<Item> Get(std::string_view id) override {
    for (const Item& item : results->items) {
      if (item.id == id) {
        return item;
      }
    }
    return absl::NotFoundError("no such article");
  }
  absl::StatusOr<std::vector<Item>> Cluster(std::string_view /*id*/) override { return results->items; }

  absl::StatusOr<Results> results = Results{};
  std::string searched;
  bool hangs = false;
  absl::BlockingCounter asked{kMaxWaiting};
  absl::Notification answers;
};

class PortalHandlerTest : public ::testing::Test {
 protected:
  web::Response Get(const std::string& target) {
    web::Request request{.method = "GET", .target = target, .path = target.substr(0, target.find('?'))};
    return NewHandler(store_, clock_)(request);
  }

  support::FakeClock clock_;
  FakeStore store_;
};

TEST_F(PortalHandlerTest, ListsSourceAndRelativeTimeBelowEachTitle) {
  store_.results->items.push_back({.id = kA1,
                                   .title = "Panen raya",
                                   .source = "JAPAN TODAY",
                                   .group = "Media Jepang",
                                   .time = clock_.Now() - absl::Hours(15)});
  const web::Response response = Get("/");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("Cari Berita"));
  EXPECT_THAT(response.body, HasSubstr("Panen raya"));
  EXPECT_THAT(response.body, HasSubstr("Media Jepang"));
  EXPECT_THAT(response.body, HasSubstr("<span class=\"source\">JAPAN TODAY</span> | "));
  EXPECT_THAT(response.body, HasSubstr("15 jam yang lalu"));
}

TEST_F(PortalHandlerTest, EscapesWhatComesFromOutside) {
  store_.results->items.push_back({.id = kA1, .title = "<script>alert(1)</script>", .source = "a&b"});
  const web::Response response = Get("/?q=%3Cscript%3E");
  EXPECT_EQ(store_.searched, "<script>");
  EXPECT_THAT(response.body, Not(HasSubstr("<script>")));
  EXPECT_THAT(response.body, HasSubstr("a&amp;b"));
}

TEST_F(PortalHandlerTest, ShowsAnArticleWithItsCreditLineAndItsCopies) {
  store_.results->items.push_back(
      {.id = kA1, .title = "Asli", .body = "satu\ndua", .copyright = "© Thomson Reuters 2025."});
  store_.results->items.push_back({.id = kA2, .title = "Salinan"});
  const web::Response response = Get("/article/" + kA1);
  EXPECT_THAT(response.body, HasSubstr("<p>satu</p>"));
  EXPECT_THAT(response.body, HasSubstr("<p>dua</p>"));
  EXPECT_THAT(response.body, HasSubstr("© Thomson Reuters 2025."));
  EXPECT_THAT(response.body, HasSubstr("/article/" + kA2));
  EXPECT_THAT(response.body, Not(HasSubstr("href=\"/article/" + kA1)));
}

TEST_F(PortalHandlerTest, ErrorsAreSentencesWithTheirHttpStatus) {
  EXPECT_EQ(Get("/article/" + kA1).status, 404);
  EXPECT_EQ(Get("/elsewhere").status, 404);
  store_.results = absl::UnavailableError("connection refused to 127.0.0.1");
  EXPECT_EQ(Get("/?q=x").status, 503);
  EXPECT_THAT(Get("/?q=x").body, Not(HasSubstr("127.0.0.1")));
}

TEST_F(PortalHandlerTest, WhatIsNoIdIsNoArticle) {
  store_.results->items.push_back({.id = kA1});
  for (const std::string& path : {std::string("abc"), kA1 + "/", std::string("\xFF"), std::string()}) {
    const web::Response response = Get("/article/" + path);
    EXPECT_EQ(response.status, 404);
    EXPECT_THAT(response.body, HasSubstr("Berita ini tidak ada"));
  }
}

TEST_F(PortalHandlerTest, WhatIsNoTextIsNotAsked) {
  for (const char* target : {"/?q=%FF%FE", "/?q=x&page=%FF", "/?page=%FF"}) {
    const web::Response response = Get(target);
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_TRUE(base::IsValidUtf8(response.body)) << target;
  }
  EXPECT_EQ(store_.searched, "");
}

TEST_F(PortalHandlerTest, SaysInIndonesianWhyAQueryIsUnreadable) {
  store_.results = absl::InvalidArgumentError("query, character 1: in English");
  for (const auto& [target, sentence] :
       {std::pair("/?q=%22sakura", "Tanda kutip belum ditutup"), std::pair("/?q=OR", "tidak dapat dibaca"),
        std::pair("/?q=x&page=y", "Cari lagi dari awal")}) {
    const web::Response response = Get(target);
    EXPECT_EQ(response.status, 400) << target;
    EXPECT_THAT(response.body, HasSubstr(sentence)) << target;
    EXPECT_THAT(response.body, Not(HasSubstr("in English"))) << target;
  }
}

TEST_F(PortalHandlerTest, HintsAreIndonesian) {
  store_.results->hint = Hint::kTooCommon;
  EXPECT_THAT(Get("/?q=yang").body, HasSubstr("Tambahkan kata yang lebih khas"));
  store_.results->hint = Hint::kUnknownFilter;
  EXPECT_THAT(Get("/?q=sorce:x").body, HasSubstr("saringan yang tidak dikenal"));
}

TEST_F(PortalHandlerTest, OfAStoreThatHangsSoManyAreAskedAtOnce) {
  store_.hangs = true;
  const web::Handler handler = NewHandler(store_, clock_);
  const web::Request request{.method = "GET", .target = "/", .path = "/"};
  std::vector<std::thread> threads;
  for (int i = 0; i < kMaxWaiting; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(handler(request).status, 200); });
  }
  store_.asked.Wait();
  EXPECT_EQ(handler(request).status, 503);
  store_.hangs = false;
  store_.answers.Notify();
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(handler(request).status, 200);
}

TEST_F(PortalHandlerTest, OnlyReads) {
  EXPECT_EQ(NewHandler(store_, clock_)({.method = "POST", .path = "/"}).status, 405);
}

}  // namespace
}  // namespace kawat::portal
