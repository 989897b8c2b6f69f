using System.Text.Json;
using Memory.Api.Mem0;
using Memory.Core;
using Memory.Core.LongTerm.Filters;

namespace Memory.Api.Tests.Mem0;

/// <summary>A search that says nothing but whose memory it is asks for all of it, which is the fastest way to ask.</summary>
public sealed class OwnersOwnFilterTests
{
    [Theory]
    [InlineData("""{"user_id":"ann"}""")]
    [InlineData("""{"AND":[{"user_id":"ann"}]}""")]
    [InlineData("""{"AND":[{"user_id":{"in":["ann","bob"]}},{"AND":[{"user_id":"*"},{"user_id":"ann"}]}]}""")]
    [InlineData("""{"OR":[{"user_id":"ann"},{"user_id":"bob"}]}""")]
    public void Whose_memory_it_is_needs_no_asking(string filters) => Assert.Null(Left(filters));

    [Theory]
    [InlineData("""{"user_id":"ann","agent_id":"chef"}""", typeof(EntityId))]
    [InlineData("""{"user_id":"ann","NOT":{"user_id":"ann"}}""", typeof(NotSo))]
    [InlineData("""{"user_id":"ann","text":"a","categories":{"contains":"b"}}""", typeof(AllOf))]
    [InlineData("""{"OR":[{"user_id":"ann","text":"a"},{"user_id":"bob"}]}""", typeof(AnyOf))]
    public void What_narrows_is_left(string filters, Type left) => Assert.IsType(left, Left(filters));

    private static MemoryFilter? Left(string filters) =>
        FilterOfOwner.Of(FilterBody.Read(JsonElement.Parse(filters)).Condition, new Owner(OwnerKind.User, "ann"));
}
