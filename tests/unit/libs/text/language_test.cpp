#include <gtest/gtest.h>

#include "text/text.h"

namespace kawat::text {
namespace {

TEST(DetectLanguageTest, KnowsTheLanguagesOfTheNewsroomAndOthers) {
  EXPECT_EQ(
      DetectLanguage(
          "Pemerintah mengumumkan bahwa harga beras akan turun bulan depan setelah panen raya di Jawa Tengah selesai."),
      "id");
  EXPECT_EQ(DetectLanguage("The government said on Tuesday that the price of rice would fall next month, after the "
                           "harvest is brought in."),
            "en");
  EXPECT_EQ(DetectLanguage("政府は火曜日、収穫が終わる来月には米の価格が下がるとの見通しを発表した。"), "ja");
  EXPECT_EQ(DetectLanguage("Die Regierung teilte am Dienstag mit, dass der Preis für Reis im nächsten Monat nach der "
                           "Ernte fallen werde."),
            "de");
  EXPECT_EQ(DetectLanguage("הממשלה הודיעה ביום שלישי כי מחיר האורז ירד בחודש הבא לאחר הקציר"), "he");
}

TEST(DetectLanguageTest, SaysNothingWhenItIsNotSure) {
  EXPECT_EQ(DetectLanguage(""), "");
  EXPECT_EQ(DetectLanguage("12 345 !?"), "");
  EXPECT_EQ(DetectLanguage("\xFF\xFE\x80"), "");
}

}  // namespace
}  // namespace kawat::text
