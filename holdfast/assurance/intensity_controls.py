"""The controls of hazards of a change of intensity and of ongoing care. Data only, rows as in ``controls``."""

from __future__ import annotations

INTENSITY = (
    (
        "HZ-45",
        "Stale risk assessment",
        "library/care-coordination:obligations.risk-after-incident",
        "an incident calls a new assessment in two working days, beside the one that comes round by tier",
        "risk-assessed, due dates, what climbed",
    ),
    (
        "HZ-46",
        "Safeguarding lost",
        "library/*:gates.safeguarding-settled",
        "no end is open before the outcome of a concern; a referral settles nothing",
        "safeguarding-raised, -referred, -settled: who and when",
    ),
    (
        "HZ-47",
        "Crisis plan impractical or not updated",
        "library/care-coordination:obligations.plan-update",
        "each crisis owes a change of the plan, before and after, or the reason for none",
        "plan-updated with plan.before and plan.after, or plan.why-not",
    ),
    (
        "HZ-54",
        "Delayed escalation of care level",
        "library/step-up:steps.count-signs",
        "numbers over a threshold start the clock of a clinician's decision, and the decision that of the huddle",
        "threshold-reached, decision, huddle: each with its time",
    ),
    (
        "HZ-55",
        "No step-up capacity",
        "library/step-up:obligations.slot",
        "a slot is owed and climbs to operations; who waits is seen, and offered the next one by risk",
        "slot-wanted, slot-offered, slot-booked",
    ),
    (
        "HZ-56",
        "Rebound after step-down",
        "library/step-down:obligations.step-left-out",
        "a step of the taper that is left out needs a reason and a second person's look",
        "taper steps and contacts with their times, step-left-out",
    ),
    (
        "HZ-57",
        "Return route unclear, churn",
        "library/step-down:obligations.cycle-review",
        "the third cycle in half a year calls a review; the fast track back keeps case and packet",
        "fast-tracked, taken-back, cycles at the opening",
    ),
    (
        "HZ-58",
        "Abrupt transition",
        "library/*:gates.prepared",
        "no change of intensity before the person was told, unless a supervisor signs",
        "what was told, what they said, sign-off",
    ),
    (
        "HZ-59",
        "Transition without trigger or fallback",
        "library/*:obligations.fallback",
        "a move needs its four parts; a touchpoint that is missed starts the fallback by itself",
        "the four fields, touchpoint-missed, fallback-done",
    ),
    (
        "HZ-88",
        "Policy misconfigured",
        "holdfast.desk.proposing:_decidable",
        "a broken file is refused; a file that can be used goes live only when a second person agrees",
        "EditionProposed, EditionPublished: by whom",
    ),
    (
        "HZ-90",
        "Automation bias",
        "holdfast.core.tiers:judge_tier",
        "rules raise a tier and never lower what a person judged; they show what they read",
        "TierSet: by whom, because of what",
    ),
    (
        "HZ-100",
        "No senior review of medication risk or unclear diagnosis",
        "library/*:obligations.senior-review",
        "a question of any worker is owed an answer by a named senior, and climbs",
        "senior-review-asked, senior-review-answered, times",
    ),
    (
        "HZ-102",
        "Taper over unresolved stressors",
        "library/step-down:gates.looked-before",
        "each step of the taper waits for its own look; what is open holds it",
        "answers of each look, reasons",
    ),
)
