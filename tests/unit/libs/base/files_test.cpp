#include "base/files.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/small_disk.h"
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

TEST(FilesTest, AFileThatCannotBeReadToItsEndIsAnError) {
  EXPECT_FALSE(ReadFile("/proc/self/mem", 100).ok());  // opens, but nothing is mapped at its start
}

TEST(FilesTest, AFullDiskMayHaveRoomLater) {
  const support::TempFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    if (!support::MountSmallDisk(folder.path().string(), "size=64k")) {
      ::_exit(77);
    }
    static_cast<void>(WriteFileAtomically(folder.path() / "filler", std::string(64 << 10, 'x')));
    const absl::StatusCode inside = MakeWritableFolder(folder.path()).code();
    const absl::StatusCode below = MakeWritableFolder(folder.path() / "data").code();
    ::_exit(inside == absl::StatusCode::kResourceExhausted && below == inside ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 77) {
    GTEST_SKIP() << "no right to mount a small tmpfs";
  }
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace kawat::base
