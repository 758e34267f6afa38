#include "base/files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_folder.h"

namespace kawat::base {
namespace {

TEST(FilesTest, ReadsBackWhatWasWritten) {
  const support::TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "a", "first").ok());
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "a", "second").ok());
  EXPECT_EQ(*ReadFile(folder.path() / "a", 100), "second");
}

TEST(FilesTest, AFileAtTheLimitIsReadAndOneByteMoreIsNot) {
  const support::TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "a", "12345").ok());
  EXPECT_TRUE(ReadFile(folder.path() / "a", 5).ok());
  EXPECT_EQ(ReadFile(folder.path() / "a", 4).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(FilesTest, AnAbsentFileIsNotFound) {
  const support::TempFolder folder;
  EXPECT_EQ(ReadFile(folder.path() / "absent", 5).status().code(), absl::StatusCode::kNotFound);
}

TEST(FilesTest, AFolderBelowAFileCannotBeMade) {
  const support::TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "file", "").ok());
  EXPECT_EQ(MakeWritableFolder(folder.path() / "file" / "data").code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace kawat::base
