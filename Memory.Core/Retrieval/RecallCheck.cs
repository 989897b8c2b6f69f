using Memory.Core.Privacy;

namespace Memory.Core.Retrieval;

/// <summary>What a request must fulfil before anything is asked.</summary>
internal static class RecallCheck
{
    /// <summary>Longest accepted question, in UTF-16 units.</summary>
    private const int MaxQueryLength = 8 * 1024;

    private const int MostNames = 20;

    /// <exception cref="InvalidInputException">Says what to do.</exception>
    internal static void Require(Principal principal, RecallRequest request)
    {
        AccessPolicy.RequireOwner(principal, request.Scope.Owner);
        if (string.IsNullOrWhiteSpace(request.Query))
            throw new InvalidInputException("query", "query is blank: say what to look for.");
        RequireText("query", request.Query, MaxQueryLength);
        RequireText("conversation_id", request.Conversation ?? "", MemoryScope.MaxIdLength);
        RequireText("collection", request.Collection ?? "", MemoryScope.MaxIdLength);
        if (request.Focus.Count > MostNames)
            throw new InvalidInputException("focus", $"focus has {request.Focus.Count} names; at most {MostNames} are allowed.");
        foreach (string name in request.Focus)
            RequireText("focus", name, MemoryScope.MaxIdLength);
        if (request.Moment is not null && request.Turns)
            throw new InvalidInputException("include", "as_of and known_at ask for memories: leave turns out of include.");
        if (request.Filter is not null && request.Turns)
            throw new InvalidInputException("include", "filters are about memories: leave turns out of include.");
        if (request.Limit is < 1 or > 1_000)
            throw new InvalidInputException("top_k", $"top_k is {request.Limit}: use 1 to 1000.");
        if (request.Budget is { TotalMilliseconds: < 1 or > 60_000 } budget)
            throw new InvalidInputException("budget_ms", $"budget_ms is {budget.TotalMilliseconds}: use 1 to 60000.");
        if (request.Threshold is not (null or (>= 0 and <= 1)))
            throw new InvalidInputException("threshold", $"threshold is {request.Threshold}: use 0 to 1.");
    }

    private static void RequireText(string field, string text, int maxLength)
    {
        if (text.Length > maxLength)
            throw new InvalidInputException(field, $"{field} has {text.Length} characters; at most {maxLength} are allowed.");
        WellFormedText.Require(field, text);
    }
}
