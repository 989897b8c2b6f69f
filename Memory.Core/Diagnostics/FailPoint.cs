using System.Diagnostics;

namespace Memory.Core.Diagnostics;

/// <summary>
/// Places of the write path at which a fault test breaks this process. The compiler leaves every call out of release
/// builds; in the others they do nothing unless <c>MEMORY_FAILPOINTS</c> names them.
/// </summary>
internal static class FailPoint
{
    internal const string AppendBeforeCommit = "append.before-commit";
    internal const string AppendCommitted = "append.committed";
    internal const string Claimed = "lane.claimed";
    internal const string ModelInFlight = "model.in-flight";
    internal const string AnswerUnsaved = "answer.unsaved";
    internal const string PlanSaved = "plan.saved";
    internal const string MidApply = "apply.middle";
    internal const string ApplyBeforeCommit = "apply.before-commit";
    internal const string Applied = "apply.committed";
    internal const string Heartbeat = "heartbeat";
    internal const string DeadLetter = "dead-letter";
    internal const string WebhookAnswered = "webhook.answered";

    [Conditional("DEBUG")]
    internal static void Hit(string name)
    {
#if DEBUG
        ArmedFailPoints.Hit(name);
#endif
    }
}
