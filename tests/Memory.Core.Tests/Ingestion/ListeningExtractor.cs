using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

/// <summary>The builtin rules, and what they were given last.</summary>
internal sealed class ListeningExtractor : IExtractor
{
    private readonly BuiltinExtractor _builtin = new();

    public string Read { get; private set; } = "";

    public Distiller By(DistillingSettings settings) => _builtin.By(settings);

    public Task<IReadOnlyList<Fact>> ExtractAsync(
        IReadOnlyList<ImportantMessage> messages, DistillingSettings settings, CancellationToken cancellationToken)
    {
        Read = string.Join('\n', messages.Select(message => message.Episode.Content));
        return _builtin.ExtractAsync(messages, settings, cancellationToken);
    }
}
