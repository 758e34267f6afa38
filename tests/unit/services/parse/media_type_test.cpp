#include "services/parse/media_type.h"

#include <gtest/gtest.h>

namespace kawat::parse {
namespace {

TEST(MediaTypeTest, BelievesTheServerAndLooksAgain) {
  EXPECT_EQ(MediaOf("text/html; charset=utf-8", "<p>Hello").kind, MediaKind::kHtml);
  EXPECT_EQ(MediaOf("text/html", "\x01\x02 garbage").kind, MediaKind::kHtml);
  EXPECT_EQ(MediaOf("text/html", "<?xml version='1.0'?>\n<rss version='2.0'>").kind, MediaKind::kFeed);
  EXPECT_EQ(MediaOf("application/xml", "<!DOCTYPE html><html>").kind, MediaKind::kHtml);
  EXPECT_EQ(MediaOf("application/rss+xml", "garbage").kind, MediaKind::kFeed);
  EXPECT_EQ(MediaOf("application/json", R"({"a": 1})").kind, MediaKind::kOther);
  EXPECT_EQ(MediaOf("image/png", "\x89PNG").kind, MediaKind::kOther);
  EXPECT_EQ(MediaOf("application/pdf", "%PDF-1.7").kind, MediaKind::kOther);
  EXPECT_EQ(MediaOf("text/html", "%PDF-1.7").kind, MediaKind::kOther);
  EXPECT_EQ(MediaOf("", "<!doctype HTML>").kind, MediaKind::kHtml);
  EXPECT_EQ(MediaOf("", "who knows").kind, MediaKind::kOther);
}

TEST(MediaTypeTest, SaysWhatWasServedAsXml) {
  EXPECT_TRUE(MediaOf("text/xml; charset=utf-8", "<rss").served_as_xml);
  EXPECT_FALSE(MediaOf("text/html", "<rss").served_as_xml);
}

}  // namespace
}  // namespace kawat::parse
