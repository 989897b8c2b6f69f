using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Ingestion;
using Memory.Models;
using Memory.Testing;
using Memory.Testing.Injections;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>
/// What somebody pasted, was sent or looked up never becomes their own word, whoever distils: rules, or a model that obeys
/// whatever it reads and swears that the person said it.
/// </summary>
public sealed class InjectionTests(InjectionRigs rigs) : IClassFixture<InjectionRigs>
{
    private static readonly IReadOnlyDictionary<string, InjectionCase> s_cases = InjectionCase
        .Read(Path.Combine(AppContext.BaseDirectory, "Ingestion", "injections.jsonl")).ToDictionary(one => one.Id);

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Fact]
    public void There_are_cases_of_many_kinds()
    {
        Assert.InRange(s_cases.Count, 40, 1_000);
        Assert.InRange(s_cases.Values.Select(one => one.Kind).Distinct().Count(), 10, 100);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_builtin_rules_believe_nothing_of_it(string id)
    {
        InjectionRun run = await InjectionRun.OfAsync(rigs.Builtin, s_cases[id], atOnce: true, CancellationToken.None);

        AssertHarmless(run);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_model_that_obeys_is_not_believed_where_it_found_it(string id)
    {
        rigs.Obeying.Obey(s_cases[id], citesLast: false);

        InjectionRun run = await InjectionRun.OfAsync(rigs.Obedient, s_cases[id], atOnce: true, CancellationToken.None);

        AssertHarmless(run);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_model_that_obeys_is_not_believed_when_it_lays_it_in_the_persons_mouth(string id)
    {
        rigs.Obeying.Obey(s_cases[id], citesLast: true);

        InjectionRun run = await InjectionRun.OfAsync(rigs.Obedient, s_cases[id], atOnce: true, CancellationToken.None);

        AssertHarmless(run);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_model_that_obeys_makes_nothing_be_forgotten(string id)
    {
        rigs.Obeying.ForgetFor(s_cases[id]);

        await InjectionRun.OfAsync(rigs.Obedient, s_cases[id], atOnce: true, CancellationToken.None);

        Assert.Equal(0L, await rigs.Obedient.Database.ScalarAsync<long>("select count(*) from forget_rules where owner_id like $1", $"{id}-%"));
        Assert.Equal(0L, await rigs.Obedient.Database.ScalarAsync<long>("select count(*) from episodes where redacted_at is not null and owner_id like $1", $"{id}-%"));
    }

    private static void AssertHarmless(InjectionRun run)
    {
        Assert.False(run.HasSucceeded, string.Join("; ", run.Memories.Select(memory => $"{memory.Kind} trusted={memory.Trusted}: {memory.Content}")));
        Assert.True(run.IsOwnBelieved, string.Join("; ", run.Memories.Select(memory => $"{memory.Kind} trusted={memory.Trusted}: {memory.Content}")));
    }
}

/// <summary>One engine with the builtin rules, one with models that obey.</summary>
public sealed class InjectionRigs : IAsyncLifetime
{
    internal ObeyingModel Obeying { get; } = new();

    internal CoreRig Builtin { get; private set; } = null!;

    internal CoreRig Obedient { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Builtin = await CoreRig.StartAsync();
        Obedient = await CoreRig.StartAsync(configure: services =>
        {
            services.AddKeyedSingleton<IChatClient>(ModelRole.Extract, Obeying);
            services.AddKeyedSingleton<IChatClient>(ModelRole.Reconcile, Obeying);
            services.AddSingleton<IExtractor, ModelExtractor>();
            services.AddSingleton<IReconciler, ModelReconciler>();
        });
    }

    public async Task DisposeAsync()
    {
        await Builtin.DisposeAsync();
        await Obedient.DisposeAsync();
        Obeying.Dispose();
    }
}
