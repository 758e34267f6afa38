#include "services/parse/content_encoding.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "base/utf8.h"
#include "tests/support/status.h"

namespace kawat::parse {
namespace {

// window_bits: 31 gzip, 15 zlib, -15 raw deflate.
std::string Compress(const std::string& text, int window_bits) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

const std::string kText = std::string(100'000, 'a') + "the end";

TEST(ContentEncodingTest, DecodesWhatHttpKnows) {
  EXPECT_EQ(DecodeContent(kText, "").value(), kText);
  EXPECT_EQ(DecodeContent(kText, "identity").value(), kText);
  EXPECT_EQ(DecodeContent(Compress(kText, 31), "gzip").value(), kText);
  EXPECT_EQ(DecodeContent(Compress(kText, 31), " X-GZip ").value(), kText);
  EXPECT_EQ(DecodeContent(Compress(kText, 15), "deflate").value(), kText);
  EXPECT_EQ(DecodeContent(Compress(kText, -15), "deflate").value(), kText);
  EXPECT_EQ(DecodeContent(Compress(Compress(kText, 15), 31), "deflate, gzip").value(), kText);
}

TEST(ContentEncodingTest, ReadsSeveralMembersAndIgnoresWhatFollows) {
  EXPECT_EQ(DecodeContent(Compress("one ", 31) + Compress("two", 31) + "rest", "gzip").value(), "one two");
}

TEST(ContentEncodingTest, RefusesWhatDoesNotDecompress) {
  const std::string whole = Compress(kText, 31);
  for (const std::string& body : {std::string("plain text"), whole.substr(0, whole.size() / 2),
                                  whole.substr(0, whole.size() - 4), std::string()}) {
    EXPECT_EQ(DecodeContent(body, "gzip").status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(DecodeContent(kText, "br").ok());
  EXPECT_FALSE(DecodeContent(kText, "gzip, gzip, gzip").ok());
}

TEST(ContentEncodingTest, ARefusalIsUtf8WhateverTheServerSaid) {
  for (const std::string& encoding : {std::string(39, 'x') + "é", std::string("\xff\xfe")}) {
    EXPECT_TRUE(base::IsValidUtf8(std::string(DecodeContent(kText, encoding).status().message()))) << encoding;
  }
}

TEST(ContentEncodingTest, TheLimitIsExact) {
  const std::string packed = Compress(kText, 31);
  EXPECT_OK(DecodeContent(packed, "gzip", kText.size()));
  EXPECT_FALSE(DecodeContent(packed, "gzip", kText.size() - 1).ok());
  EXPECT_FALSE(DecodeContent(kText, "", kText.size() - 1).ok());
}

}  // namespace
}  // namespace kawat::parse
