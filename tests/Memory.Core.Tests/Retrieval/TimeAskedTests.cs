using System.Globalization;
using Memory.Core.Retrieval;

namespace Memory.Core.Tests.Retrieval;

public sealed class TimeAskedTests
{
    private static readonly DateTimeOffset s_now = new(2025, 6, 11, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("What happened on 7 May 2023?", "2023-05-07", "2023-05-07")]
    [InlineData("What did she say on May 7th, 2023?", "2023-05-07", "2023-05-07")]
    [InlineData("What happened on 2024-02-29?", "2024-02-29", "2024-02-29")]
    [InlineData("Where was I in August 2022?", "2022-08-01", "2022-08-31")]
    [InlineData("Where was I in 2022?", "2022-01-01", "2022-12-31")]
    [InlineData("What did I do last week?", "2025-06-02", "2025-06-08")]
    [InlineData("What did I eat yesterday?", "2025-06-10", "2025-06-10")]
    public void A_question_says_which_days_it_is_about(string question, string first, string last)
    {
        TimeAsked time = TimeAsked.In(question, s_now);

        Assert.Equal(DateOnly.Parse(first, CultureInfo.InvariantCulture), time.First);
        Assert.Equal(DateOnly.Parse(last, CultureInfo.InvariantCulture), time.Last);
    }

    [Theory]
    [InlineData("Where do I live?")]
    [InlineData("What may I eat?")]
    [InlineData("Did they march for it?")]
    public void Most_questions_name_no_time(string question) => Assert.Null(TimeAsked.In(question, s_now).First);

    [Theory]
    [InlineData("When did I move?", true)]
    [InlineData("How long have I had the dog?", true)]
    [InlineData("Which year was that?", true)]
    [InlineData("Where did I move?", false)]
    public void Some_ask_for_a_time(string question, bool asks) => Assert.Equal(asks, TimeAsked.In(question, s_now).IsWanted);

    [Fact]
    public void A_month_without_a_year_is_that_of_any_year()
    {
        TimeAsked time = TimeAsked.In("What did we do in August?", s_now);

        Assert.Equal(1, time.Closeness(new DateTimeOffset(2021, 8, 15, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(1, time.Closeness(new DateTimeOffset(2024, 8, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.InRange(time.Closeness(new DateTimeOffset(2024, 9, 10, 0, 0, 0, TimeSpan.Zero)), 0.3, 0.4);
    }

    [Fact]
    public void The_further_from_the_day_the_less_close()
    {
        TimeAsked time = TimeAsked.In("What happened on 7 May 2023?", s_now);
        double[] closeness = [.. new[] { 0, 1, 5, 20, 200 }.Select(days => time.Closeness(new DateTimeOffset(2023, 5, 7, 9, 0, 0, TimeSpan.Zero).AddDays(days)))];

        Assert.Equal(1, closeness[0]);
        Assert.Equal(closeness.OrderDescending(), closeness);
        Assert.Equal(closeness.Length, closeness.Distinct().Count());
        Assert.Equal(0, TimeAsked.In("Where do I live?", s_now).Closeness(s_now));
    }

    [Theory]
    [InlineData("I went there last Friday", true)]
    [InlineData("We moved in March", true)]
    [InlineData("It took three weeks", true)]
    [InlineData("The soup was good", false)]
    [InlineData("You may come in", false)]
    public void A_text_says_when_or_does_not(string text, bool says) => Assert.Equal(says, TimeAsked.SaysWhen(text));
}
