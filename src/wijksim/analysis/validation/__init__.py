"""Validation: what the model must get right before anyone looks at policy.

``patterns`` reads tables of facts, ``ensemble`` runs many districts, ``probes`` and ``panel`` say what is kept of them,
``statistics`` computes what a fact speaks of, ``matching`` binds facts to statistics, ``score`` judges.
"""
